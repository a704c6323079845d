//! ibid makes paper citations in Markdown research notes live.
//!
//! # Bird's-eye view
//!
//! ```text
//! corpus files → corpus (readers) → library (index) ┐
//! note text    → notes (citations) → vault          ┴→ Snapshot → features → server | cli → editor | terminal
//! ```
//!
//! Data flows one way. Corpus files become records, records become an index on disk, notes become
//! citations; a [`features::Snapshot`] holds both at one moment, and every feature is a pure function
//! over it. The server and the command line only ask features and show what they answer.
//!
//! # Code map
//!
//! - [`paper`]: what a paper is: record, identity, names, dates, identifiers. Plain data, pure functions.
//! - [`diagnostic`]: what is wrong, and where.
//! - [`corpus`]: files → records and problems, one format a file, recognised by content; discovery.
//! - [`text`]: the text of an open document, and the only place where positions are converted.
//! - [`notes`]: Markdown → citations.
//! - [`library`]: the index: built file by file, read by snapshot; names, search, near misses; recovery. Features ask it
//!   by the trait [`library::Papers`], which tests also have in memory.
//! - [`vault`]: all notes of the workspace and the citations in them, kept up to date by open buffers and by files.
//! - [`config`]: defaults, the user's own file, `ibid.toml` and the editor's settings; what an untrusted workspace may reach.
//! - [`workspace`]: folders and settings → a library kept up to date.
//! - [`features`]: one a file: completion, hover, definition, references, rename, diagnostics, code actions, export …
//! - [`server`]: the protocol, the runtime, the client.
//! - [`cli`]: one file a command.
//! - [`priority`]: how work in the background lets the answers go first.
//! - [`remote`]: the search engine of a group, whose papers stand after those of the library.
//! - [`zotero`]: Zotero's own database: where it lies, and its items as text.
//! - [`files`]: reading files, regular ones only and only as much as is sane; the only place that opens them.
//! - [`allocator`]: how memory that is free goes back to the system; [`signals`]: those that are errors instead. The only
//!   places with unsafe code.
//!
//! What holds everywhere, the life of a record, of a keystroke and of a hover, and where to add what, is in
//! `ARCHITECTURE.md`.
//!
//! The test `tests/architecture.rs` holds the directions of the imports.

pub mod allocator;
pub mod cli;
pub mod config;
pub mod corpus;
pub mod diagnostic;
pub mod features;
pub mod files;
pub mod library;
pub mod notes;
pub mod paper;
pub mod priority;
pub mod remote;
pub mod server;
pub mod signals;
pub mod text;
pub mod vault;
pub mod workspace;
pub mod zotero;
