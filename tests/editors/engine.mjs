// A search engine of a group with two papers, as far as ibid asks one: node engine.mjs writes its port, and answers until it
// is ended. A paper is found by its DOI, or by words that its title or its author begins a word with.
import { createServer } from "node:http";

const papers = [
  { id: "moraine2024", title: "Moraine Lakes above Glaciers in Retreat", family: "Serac", given: "Ines", year: 2024,
    venue: "Journal of Ice", doi: "10.5555/moraine", abstract: "Lakes behind moraines grow while glaciers retreat." },
  { id: "firn2021", title: "Firn Density from Radar", family: "Névé", given: "Jo", year: 2021, venue: "Snow Letters",
    doi: "10.5555/firn", abstract: "Radar tells how dense firn is." },
].map(({ family, given, year, venue, doi, ...rest }) => ({
  ...rest, type: "article-journal", DOI: doi, "container-title": venue, author: [{ family, given }], issued: { "date-parts": [[year]] },
}));

const strings = (value) =>
  typeof value === "string" ? [value] : value !== null && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");

function finds(asked, paper) {
  if (asked === paper.DOI) return true;
  const own = words(`${paper.title} ${paper.author[0].family}`);
  return words(asked).every((word) => own.some((it) => it.startsWith(word)));
}

function search({ query }) {
  const asked = strings(query).filter((text) => text !== "and");
  const found = papers.filter((paper) => asked.some((text) => finds(text, paper)));
  return {
    timed_out: false,
    _shards: { total: 1, successful: 1, failed: 0 },
    hits: { hits: found.map((csl) => ({ _id: csl.DOI, _source: { csl } })) },
  };
}

function answer(path, body) {
  if (path.includes("_msearch")) {
    const searches = body.trim().split("\n").filter((_, i) => i % 2 === 1);
    return { responses: searches.map((line) => search(JSON.parse(line))) };
  }
  if (path.includes("_search")) return search(JSON.parse(body));
  if (path.includes("_count")) return { count: papers.length };
  return { version: { number: "2.19.6", distribution: "opensearch" } };
}

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(answer(request.url, body)));
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
