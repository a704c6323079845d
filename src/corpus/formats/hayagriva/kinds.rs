//! The kinds of entries and the roles of people, and what CSL calls them.

use crate::paper::Role;

/// The kind of this name, which files write with a capital as well.
pub(super) fn kind_named(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    // As posts were called before.
    let name = if name == "tweet" { "post" } else { &name };
    KINDS.binary_search(&name).ok().and_then(|at| KINDS.get(at)).copied()
}

/// The kind that the parent of an entry of a kind is of, where it does not say.
pub(super) fn default_parent(kind: &str) -> &'static str {
    match kind {
        "article" => "periodical",
        "chapter" => "book",
        "entry" => "reference",
        "anthos" | "legislation" => "anthology",
        "web" => "web",
        "scene" | "video" => "video",
        "artwork" => "exhibition",
        "post" => "post",
        "audio" => "audio",
        _ => "misc",
    }
}

/// Whether entries have a field of this name.
pub(super) fn is_field(name: &str) -> bool {
    FIELDS.binary_search(&name).is_ok()
}

/// What CSL calls an entry of a kind that stands in parents of these kinds.
pub(super) fn work_type(kind: &str, parents: &[&str]) -> &'static str {
    let is_in = |kinds: &[&str]| parents.iter().any(|parent| kinds.contains(parent));
    match kind {
        _ if is_in(&["blog"]) => "post-weblog",
        "article" if is_in(&["proceedings", "conference"]) => "paper-conference",
        "article" if is_in(&["newspaper"]) => "article-newspaper",
        "article" if is_in(&["periodical"]) => "article-journal",
        "article" if is_in(&["book", "anthology"]) => "chapter",
        _ if is_in(&["report"]) && !is_in(&["book"]) && kind != "chapter" => "report",
        "article" if is_in(&["web"]) => "webpage",
        "article" => "article",
        "anthos" | "chapter" => "chapter",
        "entry" if is_in(&["reference"]) => "entry-encyclopedia",
        "entry" => "entry",
        "report" => "report",
        "thesis" => "thesis",
        "manuscript" => "manuscript",
        "patent" => "patent",
        "case" => "legal_case",
        "legislation" => "legislation",
        "periodical" | "newspaper" => "periodical",
        "book" | "proceedings" | "anthology" | "reference" => "book",
        "post" => "post",
        _ if is_in(&["thread"]) => "post",
        "web" | "blog" | "thread" => "webpage",
        "artwork" if is_in(&["article"]) => "figure",
        "artwork" => "graphic",
        "video" if parents.is_empty() => "motion_picture",
        "audio" if parents.is_empty() => "song",
        "video" | "audio" | "scene" => "broadcast",
        "conference" | "exhibition" => "event",
        "performance" => "performance",
        "repository" => "software",
        _ => "document",
    }
}

/// The role of this name. Some that CSL does not know are contributions.
pub(super) fn role_named(name: &str) -> Option<Role> {
    let name = name.to_ascii_lowercase();
    let at = ROLES.binary_search_by_key(&name.as_str(), |(role, _)| role).ok()?;
    ROLES.get(at).map(|(_, role)| *role)
}

/// The kinds, sorted.
const KINDS: [&str; 30] = [
    "anthology",
    "anthos",
    "article",
    "artwork",
    "audio",
    "blog",
    "book",
    "case",
    "chapter",
    "conference",
    "entry",
    "exhibition",
    "legislation",
    "manuscript",
    "misc",
    "newspaper",
    "original",
    "patent",
    "performance",
    "periodical",
    "post",
    "proceedings",
    "reference",
    "report",
    "repository",
    "scene",
    "thesis",
    "thread",
    "video",
    "web",
];

/// The fields, sorted.
const FIELDS: [&str; 29] = [
    "abstract",
    "affiliated",
    "archive",
    "archive-location",
    "author",
    "call-number",
    "chapter",
    "date",
    "doi",
    "edition",
    "editor",
    "genre",
    "issue",
    "language",
    "location",
    "note",
    "organization",
    "page-range",
    "page-total",
    "parent",
    "publisher",
    "runtime",
    "serial-number",
    "time-range",
    "title",
    "type",
    "url",
    "volume",
    "volume-total",
];

/// The roles, sorted.
const ROLES: [(&str, Role); 20] = [
    ("afterword", Role::Contributor),
    ("annotator", Role::Contributor),
    ("cast-member", Role::Performer),
    ("cinematography", Role::Contributor),
    ("collaborator", Role::Contributor),
    ("commentator", Role::Contributor),
    ("compiler", Role::Compiler),
    ("composer", Role::Composer),
    ("director", Role::Director),
    ("executive-producer", Role::Producer),
    ("foreword", Role::Contributor),
    ("founder", Role::SeriesCreator),
    ("holder", Role::Recipient),
    ("illustrator", Role::Illustrator),
    ("introduction", Role::Contributor),
    ("narrator", Role::Narrator),
    ("organizer", Role::Organizer),
    ("producer", Role::Producer),
    ("translator", Role::Translator),
    ("writer", Role::ScriptWriter),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::CSL_TYPES;

    #[test]
    fn tables_are_sorted_and_types_are_known_to_csl() {
        assert!(KINDS.is_sorted() && FIELDS.is_sorted() && ROLES.is_sorted_by_key(|(name, _)| *name));
        for kind in KINDS {
            for parent in KINDS {
                let of = [work_type(kind, &[]), work_type(kind, &[parent])];
                assert!(of.iter().all(|of| CSL_TYPES.contains(of)), "{kind} in {parent}: {of:?}");
            }
            assert!(kind_named(default_parent(kind)).is_some(), "{kind}");
        }
    }
}
