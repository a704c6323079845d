// Folders of notes for checks that need more than notes.
//   node vaults.mjs untrusted|zotero FOLDER      makes one; or import it
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

function files(folder, all) {
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    writeFileSync(`${folder}/${name}`, text);
  }
}

const style = `<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>Loud</title><id>http://example.org/loud</id><updated>2024-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout><text variable="title" text-case="uppercase" suffix="!"/></layout></bibliography>
</style>
`;

/** FOLDER/notes names a style that lies beside it. */
export function untrusted(folder) {
  files(folder, {
    "loud.csl": style,
    "notes/ibid.toml": '[references]\nstyle = "../loud.csl"\n',
    "notes/library.bib": "@misc{hopper2024, author = {Hopper, Grace}, title = {A Compiler}, year = 2024}\n",
    "notes/note.md": "As [@hopper2024] has it.\n",
  });
}

/** A folder that asks a group's engine. */
export function group(folder, port) {
  files(folder, {
    "ibid.toml": `[remote]\nurl = "http://127.0.0.1:${port}"\nindex = ["papers"]\n`,
    "library.bib": "@misc{hopper2024, author = {Hopper, Grace}, title = {Ice Cores for Everyone}, year = 2024}\n",
    "note.md": "nothing yet\n",
  });
}

/** A folder with a library of Zotero in it, in the layout of Zotero 9. The layout is that of the Rust tests. */
export async function zotero(folder) {
  const { DatabaseSync } = await import("node:sqlite");
  files(folder, {
    "ibid.toml": '[zotero]\ndata_dir = "Zotero"\napi = false\n',
    "note.md": "# Whales in the cold\n\nTheir songs carry far, says [@gull2019songs]. Others count them.\n",
    "Zotero/prefs": "",
  });
  const rust = readFileSync(new URL("../support/zotero.rs", import.meta.url), "utf8");
  const text = (name) => new RegExp(`const ${name}: &str = "(.*?)";`, "s").exec(rust)[1];
  const list = (name) => [...new RegExp(`const ${name}: \\[&str; \\d+\\] =\\s*\\[(.*?)\\];`, "s").exec(rust)[1].matchAll(/"(\w+)"/g)]
    .map((match) => match[1]);
  const [types, fields, creators] = ["TYPES", "FIELDS", "CREATORS"].map(list);
  const database = new DatabaseSync(`${folder}/Zotero/zotero.sqlite`);
  const run = (statement, ...values) => Number(database.prepare(statement).run(...values).lastInsertRowid);
  database.exec(text("LAYOUT"));
  run("INSERT INTO version VALUES ('userdata', 125)");
  for (const [i, name] of types.entries()) run("INSERT INTO itemTypes (itemTypeID, typeName) VALUES (?, ?)", i + 1, name);
  for (const [i, name] of fields.entries()) run("INSERT INTO fields (fieldID, fieldName) VALUES (?, ?)", i + 1, name);
  for (const [i, name] of creators.entries()) run("INSERT INTO creatorTypes VALUES (?, ?)", i + 1, name);

  let last = 0;
  const item = (kind) => {
    last += 1;
    const key = `AAAA${String(last).padStart(4, "2").replaceAll("0", "Z").replaceAll("1", "Y")}`;
    run("INSERT INTO items (itemID, itemTypeID, libraryID, key) VALUES (?, ?, 1, ?)", last, types.indexOf(kind) + 1, key);
    return last;
  };
  const work = ({ people, tags = [], collections = [], ...values }) => {
    const id = item("journalArticle");
    for (const [field, value] of Object.entries(values)) {
      run("INSERT OR IGNORE INTO itemDataValues (value) VALUES (?)", value);
      const { valueID } = database.prepare("SELECT valueID FROM itemDataValues WHERE value = ?").get(value);
      run("INSERT INTO itemData VALUES (?, ?, ?)", id, fields.indexOf(field) + 1, valueID);
    }
    people.forEach(([first, family], i) => {
      const creator = run("INSERT INTO creators (firstName, lastName, fieldMode) VALUES (?, ?, 0)", first, family);
      run("INSERT INTO itemCreators VALUES (?, ?, 1, ?)", id, creator, i);
    });
    for (const tag of tags) {
      run("INSERT OR IGNORE INTO tags (name) VALUES (?)", tag);
      run("INSERT INTO itemTags SELECT ?, tagID, 0 FROM tags WHERE name = ?", id, tag);
    }
    for (const collection of collections) run("INSERT INTO collectionItems VALUES (?, ?, 0)", collection, id);
    return id;
  };
  const collection = (name, above = null) =>
    run("INSERT INTO collections (collectionName, parentCollectionID, libraryID) VALUES (?, ?, 1)", name, above);
  const highlight = (pdf, page, colour, marked, comment = "") => {
    const id = item("annotation");
    const place = [`0000${page}|00000${id}|00000`, JSON.stringify({ pageIndex: page - 1, rects: [[1, 2, 3, 4]] })];
    run("INSERT INTO itemAnnotations VALUES (?, ?, 1, NULL, ?, ?, ?, ?, ?, ?, 0)", id, pdf, marked, comment, colour, String(page), ...place);
  };

  const whales = collection("Whales", collection("Reading"));
  const songs = work({
    title: "Songs of Whales in Cold Water", date: "2019-03-00 March 2019", DOI: "10.5555/songs", citationKey: "gull2019songs",
    publicationTitle: "Journal of Cetacea", volume: "12", pages: "100-120",
    abstractNote: "We listen to whales below the ice for four winters. Their songs carry further in cold water, and change with it.",
    people: [["Ada", "Gull"], ["Bo", "Tern"]], tags: ["method", "to do"], collections: [whales],
  });
  work({
    title: "Counting Whales from Satellites", date: "2021-00-00 2021", DOI: "10.5555/count", citationKey: "auk2021counting",
    publicationTitle: "Remote Seas", people: [["Cy", "Auk"]], tags: ["survey"], collections: [whales],
  });
  work({
    title: "What Whales Eat", date: "2015-00-00 2015", citationKey: "knot2015eat", publicationTitle: "Journal of Cetacea",
    people: [["Gil", "Knot"]],
  });
  const pdf = item("attachment");
  run("INSERT INTO itemAttachments (itemID, parentItemID, linkMode, contentType, path) VALUES (?, ?, 0, 'application/pdf', 'storage:songs.pdf')", pdf, songs);
  highlight(pdf, 3, "#ffd400", "Songs carry further in cold water.");
  highlight(pdf, 7, "#5fb236", "Every winter brings another song.", "Compare with birds!");
  database.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , kind, folder] = process.argv;
  await { untrusted, zotero }[kind](folder);
}
