//! Hayagriva YAML, the bibliographies of Typst: a mapping of entries by their keys.
//!
//! What an entry is a part of stands in it as an entry of its own, its parent, and so on. What each of them says is
//! taken to mean what it means to Hayagriva itself.

mod kinds;

use std::io;

use self::kinds::{default_parent, is_field, kind_named, role_named, work_type};
use super::csl::is_arxiv;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::yaml::{self, Content, Element, Piece, Shape};
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::persons::NameParts;
use crate::corpus::text::{Markup, excerpt, tex};
use crate::corpus::{Format, FormatInfo, Input, Reader, Sink};
use crate::diagnostic::Diagnostic;
use crate::paper::{DateVariable, Role, Variable};

/// The reader of Hayagriva YAML.
pub(super) struct Hayagriva;

const SHAPE: Shape = Shape { list: None, has_members: true };

impl Reader for Hayagriva {
    fn info(&self) -> FormatInfo {
        FormatInfo { format: Format::Hayagriva, name: "Hayagriva", extensions: &["yaml", "yml"] }
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        yaml::any_of_head(head, SHAPE, &mut is_entry)
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        let mut collector = Collector::new(sink);
        yaml::each_piece(input, SHAPE, &mut |piece| {
            hand_on(piece, &mut collector);
            collector.flow().is_continue()
        })
    }
}

/// Whether a member is an entry of a bibliography for certain, and of no other sort of file that is a mapping.
fn is_entry(_element: &Element, content: &Content) -> bool {
    let fields = content.value.fields();
    let tells = ["author", "editor", "date", "parent", "publisher", "serial-number", "page-range", "organization"];
    let is_told = fields.has_any(&tells) || fields.object("url").has("value");
    kind_named(&fields.text("type")).is_some() && is_told && fields.keys().all(is_field)
}

fn hand_on(piece: Piece, collector: &mut Collector<'_>) {
    let element = match piece {
        Piece::Diagnostic(problem) => return collector.problem(problem),
        Piece::Element(element) => element,
    };
    let (content, problems) = element.content();
    match content {
        Some(Content { key, value: value @ Value::Object(_) }) => {
            collector.entry(element.span, entry(&key, value.fields()));
        }
        Some(Content { key, .. }) => {
            let message = format!("`{}` is not an entry; it was skipped", excerpt(&key, 40));
            collector.problem(Diagnostic::at_line(element.span.line.saturating_add(1), message));
        }
        None => {}
    }
    problems.into_iter().for_each(|problem| collector.problem(problem));
}

/// An entry, or one of those that it is a part of.
#[derive(Debug, Clone, Copy)]
struct Node<'v> {
    kind: &'static str,
    fields: Fields<'v>,
    /// The index of the entry that stands in it.
    child: usize,
    /// How many entries lie between it and the first.
    depth: usize,
}

/// More entries than these do not hold each other.
const MAX_NODES: usize = 32;

/// An entry and what it is a part of, each in front of what that is a part of.
struct Lineage<'v>(Vec<Node<'v>>);

impl<'v> Lineage<'v> {
    fn of(fields: Fields<'v>) -> Self {
        let kind = kind_named(&fields.text("type")).unwrap_or("misc");
        let mut nodes = Vec::new();
        let mut waiting = vec![Node { kind, fields, child: 0, depth: 0 }];
        while let Some(node) = waiting.pop()
            && nodes.len() < MAX_NODES
        {
            let child = nodes.len();
            nodes.push(node);
            let parents = node.fields.objects("parent").take(MAX_NODES).map(|fields| Node {
                kind: kind_named(&fields.text("type")).unwrap_or(default_parent(node.kind)),
                fields,
                child,
                depth: node.depth + 1,
            });
            let first = waiting.len();
            waiting.extend(parents);
            waiting.get_mut(first..).into_iter().for_each(<[Node<'_>]>::reverse);
        }
        Self(nodes)
    }

    fn parents(&self) -> impl Iterator<Item = &Node<'v>> {
        self.0.iter().filter(|node| node.depth == 1)
    }

    fn parent_of(&self, kinds: &[&str]) -> Option<&Node<'v>> {
        kinds.iter().find_map(|kind| self.parents().find(|parent| parent.kind == *kind))
    }

    /// What the entry is in: the first of the kinds of parents that hold entries of its kind.
    fn container(&self, kind: &str) -> Option<&Node<'v>> {
        let kinds: &[&str] = match kind {
            "article" => &["book", "proceedings", "conference", "periodical", "newspaper", "blog", "reference", "web"],
            "anthos" | "chapter" | "entry" | "case" => &["book", "anthology", "reference", "report", "proceedings"],
            "report" => &["book", "anthology"],
            "scene" => &["audio", "video", "performance", "artwork"],
            "post" | "thread" => &["thread", "blog", "web", "post"],
            "web" => &["web", "blog"],
            "video" | "audio" => &["video", "audio"],
            _ => &[],
        };
        self.parent_of(kinds).or_else(|| self.parent_of(&["misc"]).filter(|_| !is_volume(kind)))
    }

    /// The series.
    fn collection(&self) -> Option<&Node<'v>> {
        let is_of = |node: &Node<'v>, child: &Node<'v>| {
            is_volume(child.kind) && (node.kind == child.kind || matches!(node.kind, "anthology" | "misc"))
        };
        self.0.iter().skip(1).find(|node| self.0.get(node.child).is_some_and(|child| is_of(node, child)))
    }

    /// A field of the entry, or else of the first of those around it that has it. An original is another work.
    fn any(&self, field: &str) -> Option<(&Node<'v>, &'v Value<'v>)> {
        let own = self.0.iter().filter(|node| node.kind != "original");
        own.into_iter().find_map(|node| Some((node, node.fields.get(field)?)))
    }
}

/// Whether works of a kind stand on a shelf by themselves.
fn is_volume(kind: &str) -> bool {
    ["anthology", "book", "newspaper", "performance", "periodical", "proceedings", "reference", "exhibition"]
        .contains(&kind)
}

fn entry(key: &str, fields: Fields<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Plain);
    builder.key(key);
    let lineage = Lineage::of(fields);
    let kind = lineage.0.first().map_or("misc", |node| node.kind);
    // A chapter or scene without title is cited as what it is in.
    let is_part = matches!(kind, "chapter" | "scene") && !fields.has("title");
    let container = lineage.container(kind);
    titles(&mut builder, container.filter(|_| is_part).map_or(fields, |node| node.fields));
    let parents: Vec<&str> = lineage.parents().map(|parent| parent.kind).collect();
    // Some have arXiv for a periodical.
    let is_preprint = kind == "article" && container.is_some_and(|node| is_arxiv(&formatted(node.fields, "title")));
    builder.work_type(if is_preprint { "article" } else { work_type(kind, &parents) });
    people(&mut builder, fields, container.map(|node| node.fields), is_part);
    numbers(&mut builder, &lineage, container);
    around(&mut builder, &lineage, container.filter(|_| !is_part));
    dates(&mut builder, &lineage);
    for whole in [fields].into_iter().chain(container.filter(|_| is_part).map(|node| node.fields)) {
        TEXTS.iter().for_each(|(name, variable)| builder.text(*variable, &formatted(whole, name)));
    }
    builder.abstract_text(&formatted(fields, "abstract"));
    builder.extra(&formatted(fields, "note"), Variable::Note);
    builder.finish()
}

/// Fields that are variables under another name or the same.
const TEXTS: &[(&str, Variable)] = &[
    ("archive", Variable::Archive),
    ("archive-location", Variable::ArchiveLocation),
    ("call-number", Variable::CallNumber),
    ("chapter", Variable::ChapterNumber),
    ("genre", Variable::Genre),
    ("page-range", Variable::Page),
    ("page-total", Variable::NumberOfPages),
    ("runtime", Variable::Dimensions),
    ("volume-total", Variable::NumberOfVolumes),
];

fn titles(builder: &mut RecordBuilder, fields: Fields<'_>) {
    builder.title(&formatted(fields, "title"));
    builder.short_title(&without_marks(&fields.object("title").text("short")));
}

fn people(builder: &mut RecordBuilder, own: Fields<'_>, container: Option<Fields<'_>>, is_part: bool) {
    persons(builder, Role::Author, own.list("author"));
    let container_role = if is_part && !own.has("author") { Role::Author } else { Role::ContainerAuthor };
    let of_container = |field: &str| container.map(|container| container.list(field)).unwrap_or_default();
    persons(builder, container_role, of_container("author"));
    let editors = own.list("editor");
    persons(builder, Role::Editor, if editors.is_empty() { of_container("editor") } else { editors });
    for group in own.objects("affiliated") {
        if let Some(role) = role_named(&group.text("role")) {
            persons(builder, role, group.list("names"));
        }
    }
}

/// People as text, `von Family, Suffix, Given`, or in parts. A name without comma is that of a family or a group.
fn persons(builder: &mut RecordBuilder, role: Role, people: &[Value<'_>]) {
    for person in people {
        let (text, parts) = (person.text(), person.fields());
        let (name, given) = (parts.text("name"), parts.text("given-name"));
        let (prefix, suffix) = (parts.text("prefix"), parts.text("suffix"));
        let whole = [&text, &name].into_iter().find(|whole| whole.contains(',') && given.is_empty());
        if let Some(whole) = whole {
            builder.name(role, whole);
        } else if !text.is_empty() {
            builder.person(role, NameParts { family: &text, ..NameParts::default() });
        } else if !name.is_empty() {
            let whole =
                NameParts { family: &name, given: &given, particle: &prefix, suffix: &suffix, dropping_particle: "" };
            builder.person(role, whole);
        }
    }
}

/// Where the entry is within what holds it, and what it is known by.
fn numbers(builder: &mut RecordBuilder, lineage: &Lineage<'_>, container: Option<&Node<'_>>) {
    let Some(own) = lineage.0.first() else { return };
    for name in ["volume", "issue"] {
        let variable = if name == "volume" { Variable::Volume } else { Variable::Issue };
        container.into_iter().chain([own]).for_each(|node| builder.text(variable, &node.fields.text(name)));
    }
    let edition = lineage.any("edition").map(|(_, edition)| edition.text());
    builder.text(Variable::Edition, &edition.unwrap_or_default());
    let serial = own.fields.get("serial-number");
    let numbers = own.fields.object("serial-number");
    builder.doi(&numbers.first(&["doi", "DOI"]));
    builder.doi(&own.fields.text("doi"));
    builder.arxiv(&numbers.first(&["arxiv", "arXiv"]));
    builder.plain(Variable::Pmid, &numbers.text("pmid"));
    builder.pmcid(&numbers.text("pmcid"));
    builder.plain(Variable::Version, &numbers.text("version"));
    let at_arxiv = lineage.parents().any(|parent| is_arxiv(&formatted(parent.fields, "title")));
    let plain = serial.map(|serial| if numbers.is_empty() { serial.text() } else { numbers.text("serial") });
    builder.number(Variable::Number, &plain.unwrap_or_default(), at_arxiv);
    for node in [own].into_iter().chain(container) {
        builder.plain(Variable::Isbn, &node.fields.object("serial-number").first(&["isbn", "ISBN"]));
        builder.plain(Variable::Issn, &node.fields.object("serial-number").first(&["issn", "ISSN"]));
    }
}

/// What the entry is in, who published it, and where it can be had.
fn around(builder: &mut RecordBuilder, lineage: &Lineage<'_>, container: Option<&Node<'_>>) {
    let Some(own) = lineage.0.first() else { return };
    if let Some(container) = container {
        builder.container(&formatted(container.fields, "title"));
        builder.text(Variable::ContainerTitleShort, &short_form(container.fields));
    }
    if let Some(collection) = lineage.collection() {
        builder.text(Variable::CollectionTitle, &formatted(collection.fields, "title"));
        builder.text(Variable::CollectionNumber, &collection.fields.text("volume"));
        persons(builder, Role::CollectionEditor, collection.fields.list("editor"));
    }
    if let Some(event) = lineage.parent_of(&["conference", "exhibition"]) {
        builder.text(Variable::EventTitle, &formatted(event.fields, "title"));
        builder.text(Variable::EventPlace, &formatted(event.fields, "location"));
    }
    if let Some(repository) = lineage.parent_of(&["repository"]) {
        let title = formatted(repository.fields, "title");
        if is_arxiv(&title) { builder.container(&title) } else { builder.text(Variable::Source, &title) }
    }
    if let Some(original) = lineage.0.iter().find(|node| node.kind == "original") {
        let (name, place) = publisher(original.fields);
        builder.text(Variable::OriginalTitle, &formatted(original.fields, "title"));
        builder.text(Variable::OriginalPublisher, &name);
        builder.text(Variable::OriginalPublisherPlace, &place);
        persons(builder, Role::OriginalAuthor, original.fields.list("author"));
    }
    let (name, place) = lineage.any("publisher").map(|(node, _)| publisher(node.fields)).unwrap_or_default();
    builder.publisher(&name);
    builder.text(Variable::PublisherPlace, &place);
    // At which a thesis or report was written, or which decides on a law.
    let organization = formatted(own.fields, "organization");
    if name.is_empty() {
        builder.publisher(&organization);
    }
    builder.text(Variable::Authority, &organization);
    let is_event = matches!(own.kind, "exhibition" | "conference" | "performance");
    let place = if is_event { Variable::EventPlace } else { Variable::PublisherPlace };
    builder.text(place, &formatted(own.fields, "location"));
    builder.text(Variable::Language, &lineage.any("language").map(|(_, language)| language.text()).unwrap_or_default());
    address(builder, lineage);
}

/// The name of the publisher and where it is.
fn publisher(fields: Fields<'_>) -> (String, String) {
    let parts = fields.object("publisher");
    if !parts.has_any(&["name", "location"]) {
        return (formatted(fields, "publisher"), formatted(fields, "location"));
    }
    (formatted(parts, "name"), formatted(parts, "location"))
}

fn address(builder: &mut RecordBuilder, lineage: &Lineage<'_>) {
    let Some((node, url)) = lineage.any("url") else { return };
    let (text, parts) = (url.text(), url.fields());
    let url = if text.is_empty() { parts.text("value") } else { text };
    if node.depth == 0 {
        builder.page_url(&url);
    } else if !url.is_empty() {
        // Identifiers in it are those of another work.
        builder.links().page.get_or_insert_with(|| url.into_owned());
    }
    builder.other_date(DateVariable::Accessed, &parts.text("date"));
}

fn dates(builder: &mut RecordBuilder, lineage: &Lineage<'_>) {
    if let Some((_, date)) = lineage.any("date") {
        let (text, parts) = (date.text(), date.fields());
        builder.date(&text);
        if !parts.is_empty() {
            builder.date_parts(&parts.text("year"), Some(&parts.text("month")), Some(&parts.text("day")));
        }
    }
    let event = lineage.parent_of(&["conference", "exhibition"]);
    builder.other_date(DateVariable::EventDate, &event.map(|node| node.fields.text("date")).unwrap_or_default());
    let original = lineage.0.iter().find(|node| node.kind == "original");
    builder.other_date(DateVariable::OriginalDate, &original.map(|node| node.fields.text("date")).unwrap_or_default());
}

/// A text that may have a short form and marks of what keeps its capitals.
fn formatted(fields: Fields<'_>, name: &str) -> String {
    let Some(value) = fields.get(name) else { return String::new() };
    let parts = value.fields();
    if parts.is_yes("verbatim") {
        return parts.text("value").into_owned();
    }
    without_marks(&if parts.is_empty() { value.text() } else { parts.text("value") })
}

fn short_form(fields: Fields<'_>) -> String {
    without_marks(&fields.object("title").text("short"))
}

/// The text without the braces around what keeps its capitals, and with what stands between dollars as people read it.
fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'\\', b'$', b'{', rest.as_bytes()).into_iter().chain(rest.find('}')).min() {
        plain.push_str(rest.get(..at).unwrap_or_default());
        let mark = rest.get(at..=at).unwrap_or_default();
        rest = rest.get(at + 1..).unwrap_or_default();
        match mark {
            "\\" => {
                let escaped = rest.starts_with(['\\', '$', '{', '}']);
                let (sign, after) = rest.split_at_checked(usize::from(escaped)).unwrap_or_default();
                plain.push_str(if escaped { sign } else { "\\" });
                rest = after;
            }
            "$" => {
                if let Some((maths, after)) = rest.split_once('$') {
                    plain.push_str(&tex::readable(&format!("${maths}$")));
                    rest = after;
                } else {
                    plain.push('$');
                }
            }
            _ => {}
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests;
