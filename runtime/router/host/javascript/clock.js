// The answer of a table of hours at a time in milliseconds: that of the first layer
// that is open, or of a special day, or the last. There is none if it is no table.
function answerAt(table, now) {
  const parts = table.split('-');
  const names = parts[0].split('.');
  const cut = parts[1].indexOf('_');
  const changes = cut < 0 ? [] : parts[1].slice(cut + 1).split('.');
  let place = 0;
  let minutes = 26297280; // the start of 2020
  for (let i = 0; i < changes.length; i++) {
    if (!/^\d[0-9a-z]{1,7}$/.test(changes[i])) {
      return '';
    }
    minutes += parseInt(changes[i].slice(1), 36);
    if (minutes * 60000 > now) {
      break;
    }
    place = Number(changes[i][0]);
  }
  const offset = /^(m?)(\d{1,3})$/.exec((cut < 0 ? parts[1] : parts[1].slice(0, cut)).split('.')[place] || '');
  if (!offset) {
    return '';
  }
  const local = Math.floor(now / 60000) + (offset[1] ? -1 : 1) * Number(offset[2]);
  const day = Math.floor(local / 1440);
  let special = '';
  for (let i = 2; i < parts.length; i++) {
    const today = itemOf(parts[i], day);
    if (isOpen(itemOf(parts[i], day - 1), local - day * 1440 + 1440) || isOpen(today, local - day * 1440)) {
      return names[i - 2] || '';
    }
    const letter = /^y.*_([a-z])$/.exec(today);
    special = special || (letter ? letter[1] : '');
  }
  return (special ? names[special.charCodeAt(0) - 97] : names[names.length - 1]) || '';
}

// The item of a layer that holds on a day, which is counted from 1970.
function itemOf(layer, day) {
  const date = new Date(day * 86400000).toISOString(); // 2026-12-24T…
  return layer.split('.').find(function (item) {
    const parts = item.split('_');
    if (parts[0][0] !== 'y') {
      return parts[0].indexOf(String((day + 3) % 7 + 1)) >= 0; // 1 is Monday
    }
    return (parts[0] === 'y' || parts[0].slice(1) === date.slice(2, 4)) && parts.indexOf(date.slice(5, 7) + date.slice(8, 10), 1) > 0;
  }) || '';
}

// Whether a minute of the day lies in a span of an item.
function isOpen(item, minute) {
  return item.split('_').some(function (part) {
    const at = /^(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(part);
    return at !== null && at[1] * 60 + Number(at[2]) <= minute && minute < at[3] * 60 + Number(at[4]);
  });
}

// Whether the answer at a path depends on the time, so that nobody may keep it.
function isTimed(path) {
  return /(?:^|\/)(?:«clocks»)(?:-[^\/.~]*)?(?:~|%7[Ee])[^\/]*$/.test(path);
}
