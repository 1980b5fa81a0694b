// Numbers as axes show them.
const STEPS_OF_TIME = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600,
  43200, 86400];

const roundStep = (rough) => {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((one) => one * power >= rough * 0.999) || 10);
};

const ticksOf = (low, high, most, scale) => {
  let step = roundStep((high - low) / most || 1);
  if (scale === "whole") step = Math.max(1, step);
  if (scale === "seconds") {
    const wanted = (high - low) / most;
    step = STEPS_OF_TIME.find((one) => one >= wanted) || 86400 * Math.ceil(wanted / 86400);
  }
  const found = [];
  for (let number = Math.ceil(low / step); number * step <= high + step * 1e-9; number += 1) {
    found.push(number * step);
  }
  return found;
};

const clock = (seconds) => {
  const whole = Math.abs(Math.round(seconds));
  const days = Math.floor(whole / 86400);
  const two = (number) => String(number).padStart(2, "0");
  const rest = `${Math.floor((whole % 86400) / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return `${seconds < 0 ? "-" : ""}${days ? `${days} d ` : ""}${rest}`;
};

const shownNumber = (value, scale) => {
  if (scale === "seconds") return clock(value);
  if (scale === "whole") return String(Math.round(value * 10) / 10);
  return String(Number(value.toPrecision(4)));
};

// The last index of a sorted list whose number is not beyond a value; -1 if all are.
const lastAtMost = (numbers, value) => {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};
