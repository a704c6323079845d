// Makes pictures of terminal screens: NAME.png beside each NAME.ansi that is named.
//   node picture.mjs EDITORS FILE.ansi…
import { readFileSync } from "node:fs";
import { newPage, openBrowser } from "../vscode/page.mjs";

const [editors, ...files] = process.argv.slice(2);
const NAMED = [
  "000000", "cd3131", "0dbc79", "e5e510", "2472c8", "bc3fbc", "11a8cd", "e5e5e5",
  "666666", "f14c4c", "23d18b", "f5f543", "3b8eea", "d670d6", "29b8db", "ffffff",
];

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function indexed(n) {
  if (n < 16) return `#${NAMED[n]}`;
  if (n > 231) return `rgb(${Array(3).fill(8 + 10 * (n - 232))})`;
  const level = (step) => (step === 0 ? 0 : 55 + 40 * step);
  return `rgb(${level(Math.floor((n - 16) / 36))},${level(Math.floor((n - 16) / 6) % 6)},${level((n - 16) % 6)})`;
}

// What the numbers of one escape sequence change of a style.
function restyled(style, numbers) {
  const rest = [...numbers];
  const colour = () => (rest.shift() === "5" ? indexed(Number(rest.shift())) : `rgb(${rest.splice(0, 3)})`);
  while (rest.length > 0) {
    const code = rest.shift();
    const n = Number(code.split(":")[0]);
    if (code === "" || n === 0) style = {};
    else if (n === 1) style = { ...style, "font-weight": "bold" };
    else if (n === 3) style = { ...style, "font-style": "italic" };
    else if (n === 4) style = { ...style, "text-decoration": code === "4:3" ? "underline wavy" : "underline" };
    else if (n === 7) style = { ...style, swapped: true };
    else if (n >= 30 && n <= 37) style = { ...style, color: indexed(n - 30) };
    else if (n >= 90 && n <= 97) style = { ...style, color: indexed(n - 82) };
    else if (n >= 40 && n <= 47) style = { ...style, background: indexed(n - 40) };
    else if (n >= 100 && n <= 107) style = { ...style, background: indexed(n - 92) };
    else if (n === 38) style = { ...style, color: colour() };
    else if (n === 48) style = { ...style, background: colour() };
    else if (n === 58) colour();
    else if (n === 39) style = { ...style, color: undefined };
    else if (n === 49) style = { ...style, background: undefined };
  }
  return style;
}

// The ground of a screen is the first that is set on it.
const ground = (screen) => {
  const [, colour] = /\x1b\[[0-9;:]*48;2;(\d+;\d+;\d+)/.exec(screen) ?? [];
  return colour === undefined ? "#101010" : `rgb(${colour.replaceAll(";", ",")})`;
};

function css({ swapped, color = "#d8d8d8", background = "transparent", ...others }) {
  const colours = swapped ? { color: background, background: color } : { color, background };
  return Object.entries({ ...colours, ...others }).map(([name, value]) => `${name}:${value}`).join(";");
}

function html(screen) {
  let style = {};
  const parts = screen.trimEnd().split(/(\x1b\[[0-9;:]*m)/).map((part) => {
    const sequence = /^\x1b\[([0-9;:]*)m$/.exec(part);
    if (sequence === null) return part === "" ? "" : `<span style="${css(style)}">${escaped(part)}</span>`;
    style = restyled(style, sequence[1].split(";"));
    return "";
  });
  return `<body style="margin:0"><pre style="margin:0;display:inline-block;background:${ground(screen)};font:15px/1.25 'DejaVu Sans Mono',monospace">${parts.join("")}</pre>`;
}

const browser = await openBrowser(editors);
const page = await newPage(browser);
for (const file of files) {
  await page.setContent(html(readFileSync(file, "utf8")));
  await page.locator("pre").screenshot({ path: file.replace(/\.ansi$/, ".png") });
}
await browser.close();
