//! Walks a style over one item.

use std::cell::Cell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use hayagriva::citationberg::taxonomy::{
    NumberOrPageVariable, NumberVariable, OtherTerm, StandardVariable, Term, Variable,
};
use hayagriva::citationberg::{
    Choose, ChooseBranch, ChooseMatch, CslMacro, Display, Group, IndependentStyle, InheritableNameOptions, Label,
    LabelPluralize, LayoutRenderingElement, LongShortForm, Names as NamesElement, Number, NumberForm, TermForm,
    TestPosition, Text, TextTarget, ToAffixes as _, ToFormatting as _, VariablelessLabel,
};

use super::item::Item;
use super::label::citation_label;
use super::locale::Terms;
use super::number;
use super::output::{
    Node, Piece, dressed, from_marked, from_value, is_empty, joined, set_case, strip_periods, text_length,
};

/// A style, made ready for many items.
pub struct Sheet<'a> {
    pub style: &'a IndependentStyle,
    pub terms: Terms<'a>,
    macros: HashMap<&'a str, &'a CslMacro>,
    /// Whether the style says itself where the letter after the year goes.
    places_year_suffix: bool,
    /// How many more elements may be rendered: a small style can ask for more than there is time for.
    steps: Cell<u32>,
    /// How many more bytes of text elements may give, counted anew at every element around them.
    bytes: Cell<usize>,
    /// When even a style that asks for no more than that has taken too long.
    deadline: Instant,
}

/// What is being rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An entry of the list.
    Entry,
    /// A citation, to see which items look alike.
    Citation,
    /// A text to sort by.
    SortKey,
}

/// One item being rendered.
pub struct Renderer<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) item: &'a Item,
    pub(super) purpose: Purpose,
    /// The number of the item in the list, from 1.
    pub number: usize,
    /// The letter after the year.
    pub year_suffix: Option<&'a str>,
    pub(super) options: InheritableNameOptions,
    /// How many names a key of a sort order shows, whatever else the style says.
    pub(super) shown_names: ShownNames,
    /// How many variables were asked for, and how many of them were there.
    pub(super) called: u32,
    pub(super) filled: u32,
    /// The names that something is being substituted for.
    pub(super) template: Option<NamesElement>,
    /// Variables that stand for missing names and are not shown again.
    used: Vec<String>,
    has_year_suffix: bool,
    depth: u32,
}

/// How many names of a longer list are shown, as far as something is said of that.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShownNames {
    /// A list of as many names is shortened.
    pub min: Option<u32>,
    /// To so many names.
    pub use_first: Option<u32>,
    /// And the last one.
    pub use_last: Option<bool>,
}

impl<'a> Sheet<'a> {
    /// A style with its terms, for `entries` items.
    pub fn new(style: &'a IndependentStyle, terms: Terms<'a>, entries: usize) -> Sheet<'a> {
        const STEPS_OF_AN_ENTRY: u32 = 50_000;
        const MAX_BYTES: usize = 256 << 20;
        const TIME: Duration = Duration::from_secs(10);
        const TIME_OF_AN_ENTRY: Duration = Duration::from_millis(10);
        let macros = style.macros.iter().map(|it| (it.name.as_str(), it)).collect();
        let entries = u32::try_from(entries).unwrap_or(u32::MAX).saturating_add(1);
        let steps = Cell::new(entries.saturating_mul(STEPS_OF_AN_ENTRY));
        let places_year_suffix = style.macros.iter().any(|it| names_year_suffix(&it.children))
            || style.bibliography.as_ref().is_some_and(|list| names_year_suffix(&list.layout.elements));
        let deadline = Instant::now() + TIME + TIME_OF_AN_ENTRY.saturating_mul(entries);
        Sheet { style, terms, macros, places_year_suffix, steps, bytes: Cell::new(MAX_BYTES), deadline }
    }

    /// Whether the style asked for more than is given to any.
    pub fn is_exhausted(&self) -> bool {
        self.steps.get() == 0
    }

    /// Takes one step, and the time and the bytes that it took.
    fn spend(&self, pieces: &[Piece]) {
        const STEPS_BETWEEN_LOOKS: u32 = 1024;
        let left = self.steps.get().saturating_sub(1);
        let bytes = self.bytes.get().checked_sub(pieces.iter().map(|piece| text_length(piece)).sum());
        self.bytes.set(bytes.unwrap_or(0));
        let is_late = left.is_multiple_of(STEPS_BETWEEN_LOOKS) && Instant::now() > self.deadline;
        self.steps.set(if is_late || bytes.is_none() { 0 } else { left });
    }

    /// A renderer of an item.
    pub fn renderer(&'a self, item: &'a Item, purpose: Purpose) -> Renderer<'a> {
        let of_part = match purpose {
            Purpose::Citation => Some(&self.style.citation.name_options),
            Purpose::Entry | Purpose::SortKey => self.style.bibliography.as_ref().map(|list| &list.name_options),
        };
        let general = &self.style.settings.options;
        let options = of_part.map_or_else(|| general.clone(), |own| general.apply(own));
        Renderer {
            sheet: self,
            item,
            purpose,
            number: 0,
            year_suffix: None,
            options,
            shown_names: ShownNames::default(),
            called: 0,
            filled: 0,
            template: None,
            used: Vec::new(),
            has_year_suffix: false,
            depth: 0,
        }
    }
}

impl<'a> Renderer<'a> {
    /// The elements of a layout, each a piece.
    pub fn elements(&mut self, elements: &'a [LayoutRenderingElement]) -> Vec<Piece> {
        elements.iter().flat_map(|element| self.element(element)).collect()
    }

    /// The text of a macro, with these numbers of names before those of the macro itself.
    pub fn macro_for_sorting(&mut self, name: &str, shown: ShownNames) -> Piece {
        self.shown_names = shown;
        self.macro_(name)
    }
}

impl<'a> Renderer<'a> {
    /// What one element gives; a choice may give several pieces.
    pub(super) fn element(&mut self, element: &LayoutRenderingElement) -> Vec<Piece> {
        const DEEPEST: u32 = 200;
        if self.depth >= DEEPEST {
            self.sheet.steps.set(0);
        }
        if self.sheet.is_exhausted() {
            return Vec::new();
        }
        self.depth += 1;
        let pieces = match element {
            LayoutRenderingElement::Text(text) => vec![self.text(text)],
            LayoutRenderingElement::Date(date) => vec![apart(self.date(date), date.display)],
            LayoutRenderingElement::Number(number) => vec![self.number(number)],
            LayoutRenderingElement::Names(names) => vec![apart(self.names(names), names.display)],
            LayoutRenderingElement::Label(label) => vec![self.label(label)],
            LayoutRenderingElement::Group(group) => vec![self.group(group)],
            LayoutRenderingElement::Choose(choose) => self.choose(choose),
        };
        self.depth -= 1;
        self.sheet.spend(&pieces);
        pieces
    }

    fn all(&mut self, elements: &[LayoutRenderingElement]) -> Vec<Piece> {
        elements.iter().flat_map(|element| self.element(element)).collect()
    }

    fn text(&mut self, text: &Text) -> Piece {
        let mut piece = match &text.target {
            TextTarget::Variable { var, form } => self.variable(*var, *form),
            TextTarget::Macro { name } => self.macro_(name),
            TextTarget::Term { term, form, plural } => self.term(*term, *form, *plural),
            TextTarget::Value { val } => from_value(val),
        };
        if text.strip_periods {
            strip_periods(&mut piece);
        }
        let is_term = matches!(text.target, TextTarget::Term { .. });
        set_case(&mut piece, text.text_case, is_term || self.is_english());
        if text.quotes && !is_empty(&piece) {
            piece = vec![Node::Quoted(piece)];
        }
        apart(dressed(piece, text.to_formatting(), &text.to_affixes()), text.display)
    }

    fn macro_(&mut self, name: &str) -> Piece {
        let Some(called) = self.sheet.macros.get(name) else { return Vec::new() };
        let before = (self.called, self.filled);
        let pieces = self.all(&called.children);
        let piece = joined(pieces, "");
        if self.is_without_variables(before) {
            return Vec::new();
        }
        if !is_empty(&piece) {
            self.called += 1;
            self.filled += 1;
        }
        piece
    }

    /// Whether variables were asked for since then, and none of them was there.
    fn is_without_variables(&self, (called, filled): (u32, u32)) -> bool {
        self.called > called && self.filled == filled
    }

    fn variable(&mut self, variable: Variable, form: LongShortForm) -> Piece {
        let piece = self.value(variable, form);
        // The letter after a year is no variable of the item: that there is none leaves `n.d.` as it is.
        let is_own = variable != Variable::Standard(StandardVariable::YearSuffix);
        self.called += u32::from(is_own || !is_empty(&piece));
        self.filled += u32::from(!is_empty(&piece));
        piece
    }

    fn value(&mut self, variable: Variable, form: LongShortForm) -> Piece {
        match variable {
            Variable::Standard(StandardVariable::YearSuffix) => {
                return self.year_suffix.map(|suffix| vec![Node::Text(suffix.to_owned())]).unwrap_or_default();
            }
            Variable::Number(NumberVariable::CitationNumber) => return vec![Node::Text(self.number_text())],
            Variable::Standard(StandardVariable::CitationLabel) => {
                let label = Node::Text(citation_label(self.item));
                let suffix = self.own_year_suffix();
                return std::iter::once(label).chain(suffix).collect();
            }
            _ => {}
        }
        let name = variable.to_string();
        let Some((name, text)) = self.text_of(&name, form).filter(|(name, _)| !self.is_used(name)) else {
            return Vec::new();
        };
        self.use_up(&name);
        let link = |address: &str| vec![Node::Link(format!("{address}{text}"), vec![Node::Text(text.to_owned())])];
        match variable {
            Variable::Page(_) => {
                let delimiter = self.sheet.terms.word(OtherTerm::PageRangeDelimiter);
                let delimiter = if delimiter.is_empty() { "–" } else { delimiter };
                vec![Node::Text(number::page_ranges(text, self.sheet.style.settings.page_range_format, delimiter))]
            }
            Variable::Standard(StandardVariable::URL) => link(""),
            Variable::Standard(StandardVariable::DOI) => link("https://doi.org/"),
            Variable::Standard(StandardVariable::PMID) => link("https://www.ncbi.nlm.nih.gov/pubmed/"),
            Variable::Standard(StandardVariable::PMCID) => link("https://www.ncbi.nlm.nih.gov/pmc/articles/"),
            _ => self.item.marked(&name).map_or_else(|| from_value(text), from_marked),
        }
    }

    /// The number of the item; with zeros before it where it is sorted by.
    fn number_text(&self) -> String {
        if self.purpose == Purpose::SortKey { format!("{:09}", self.number) } else { self.number.to_string() }
    }

    /// The value of a text variable, and the variable that it is from.
    fn text_of(&self, name: &str, form: LongShortForm) -> Option<(String, &'a str)> {
        let short = match (form, name) {
            (LongShortForm::Short, "container-title") => &["container-title-short", "journalAbbreviation"][..],
            (LongShortForm::Short, "title") => &["title-short", "shortTitle"],
            (_, "event") => &["event-title"],
            (_, "event-title") => &["event"],
            (_, "archive_place") => &["archive-place"],
            _ => &[],
        };
        let item = self.item;
        let own = || Some((name.to_owned(), item.text(name)?));
        let others = || short.iter().find_map(|other| Some(((*other).to_owned(), item.text(other)?)));
        if name == "page-first" && item.text(name).is_none() {
            let page = item.text("page")?;
            return page
                .split(['-', '–', ',', '&', ' '])
                .find(|page| !page.is_empty())
                .map(|page| ("page".into(), page));
        }
        if form == LongShortForm::Short { others().or_else(own) } else { own().or_else(others) }
    }

    fn term(&mut self, term: Term, form: TermForm, is_plural: bool) -> Piece {
        let mut piece: Piece = self.sheet.terms.term(term, form, is_plural).map(from_term).unwrap_or_default();
        if term == Term::Other(OtherTerm::NoDate) {
            let suffix = self.own_year_suffix();
            if !suffix.is_empty() && form == TermForm::Long {
                piece.push(Node::Text(" ".to_owned()));
            }
            piece.extend(suffix);
        }
        piece
    }

    /// The letter after the year, once, unless the style itself says where it goes.
    pub(super) fn own_year_suffix(&mut self) -> Piece {
        let suffix = self.year_suffix.filter(|_| !self.sheet.places_year_suffix && !self.has_year_suffix);
        self.has_year_suffix |= suffix.is_some();
        suffix.map(|suffix| vec![Node::Text(suffix.to_owned())]).unwrap_or_default()
    }

    fn number(&mut self, element: &Number) -> Piece {
        self.called += 1;
        let name = Variable::from(element.variable).to_string();
        let text = match element.variable {
            NumberOrPageVariable::Number(NumberVariable::CitationNumber) => Some(self.number_text()),
            _ => self
                .text_of(&name, LongShortForm::Long)
                .filter(|_| !self.is_used(&name))
                .map(|(_, text)| text.to_owned()),
        };
        let Some(text) = text else { return Vec::new() };
        self.filled += 1;
        self.use_up(&name);
        let gender = self.sheet.terms.gender(element.variable.into());
        let terms = &self.sheet.terms;
        let written = |part: &str| match (part.parse::<u32>(), element.form) {
            (Ok(number), NumberForm::Numeric) if self.purpose == Purpose::SortKey => format!("{number:09}"),
            (Ok(number), NumberForm::Ordinal) => format!("{part}{}", terms.ordinal_suffix(number, gender)),
            (Ok(number), NumberForm::LongOrdinal) => terms
                .long_ordinal(number)
                .map_or_else(|| format!("{part}{}", terms.ordinal_suffix(number, gender)), str::to_owned),
            (Ok(number), NumberForm::Roman) => number::roman(number).unwrap_or_else(|| part.to_owned()),
            (Err(_), _) if part == "-" => "–".to_owned(),
            _ => part.to_owned(),
        };
        let text: String = number::parts(&text).into_iter().map(written).collect();
        let mut piece = from_value(&text);
        set_case(&mut piece, element.text_case, self.is_english());
        apart(dressed(piece, element.to_formatting(), &element.to_affixes()), element.display)
    }

    fn label(&mut self, element: &Label) -> Piece {
        let name = Variable::from(element.variable).to_string();
        let Some((_, text)) = self.text_of(&name, LongShortForm::Long).filter(|_| !self.is_used(&name)) else {
            return Vec::new();
        };
        let is_plural = if Variable::from(element.variable).is_number_of_variable() {
            text.trim() != "1" && text.trim() != "0"
        } else {
            let is_page = matches!(element.variable, NumberOrPageVariable::Page(_));
            number::is_several(text) && (is_page || !number::is_compound(text))
        };
        self.label_piece(&element.label, element.variable.into(), is_plural)
    }

    pub(super) fn label_piece(&mut self, label: &VariablelessLabel, term: Term, is_plural: bool) -> Piece {
        let is_plural = match label.plural {
            LabelPluralize::Contextual => is_plural,
            LabelPluralize::Always => true,
            LabelPluralize::Never => false,
        };
        let mut piece = self.sheet.terms.term(term, label.form, is_plural).map(from_term).unwrap_or_default();
        if label.strip_periods {
            strip_periods(&mut piece);
        }
        // Terms are words of the style's own language, whatever that is.
        set_case(&mut piece, label.text_case, true);
        dressed(piece, label.to_formatting(), &label.to_affixes())
    }

    fn group(&mut self, group: &Group) -> Piece {
        let before = (self.called, self.filled);
        let pieces = self.all(&group.children);
        if self.is_without_variables(before) {
            return Vec::new();
        }
        let piece = joined(pieces, group.delimiter.as_deref().unwrap_or_default());
        apart(dressed(piece, group.to_formatting(), &group.to_affixes()), group.display)
    }

    fn choose(&mut self, choose: &Choose) -> Vec<Piece> {
        let chosen = choose.branches().find(|branch| self.holds(branch)).map(|branch| branch.children.as_slice());
        let otherwise = choose.otherwise.as_ref().map(|branch| branch.children.as_slice());
        chosen.or(otherwise).map(|children| self.all(children)).unwrap_or_default()
    }

    fn holds(&self, branch: &ChooseBranch) -> bool {
        let item = self.item;
        let numeric = branch.is_numeric.iter().flatten().map(|variable| {
            let name = variable.to_string();
            matches!(variable, Variable::Number(NumberVariable::CitationNumber))
                || self.text_of(&name, LongShortForm::Long).is_some_and(|(_, text)| number::is_numeric(text))
        });
        let uncertain = branch.is_uncertain_date.iter().flatten();
        let uncertain = uncertain.map(|date| item.date(&date.to_string()).is_some_and(|date| date.is_circa));
        // A work is of one kind, so that a list of them can only mean any of them.
        let kinds = branch.type_.iter().map(|kinds| kinds.contains(&item.kind));
        let there = branch.variable.iter().flatten().map(|variable| self.is_there(*variable));
        // A list has no locators and no positions, and what looks alike is told apart by years and names.
        let never = branch.locator.iter().flatten().map(|_| false);
        // A citation that is compared with others is the first of its work.
        let is_first = |position: &TestPosition| self.purpose == Purpose::Citation && *position == TestPosition::First;
        let nowhere = branch.position.iter().flatten().map(is_first);
        let alike = branch.disambiguate.iter().map(|wanted| !wanted);
        let mut tests = numeric.chain(uncertain).chain(kinds).chain(there).chain(never).chain(nowhere).chain(alike);
        match branch.match_ {
            ChooseMatch::All => tests.all(|test| test),
            ChooseMatch::Any => tests.any(|test| test),
            ChooseMatch::None => !tests.any(|test| test),
        }
    }

    fn is_there(&self, variable: Variable) -> bool {
        match variable {
            Variable::Standard(StandardVariable::YearSuffix) => self.year_suffix.is_some(),
            Variable::Number(NumberVariable::CitationNumber) | Variable::Standard(StandardVariable::CitationLabel) => {
                true
            }
            // What stands for missing names is there all the same.
            Variable::Name(name) => self.item.has(&super::name::variable_name(name)),
            Variable::Date(date) => self.item.has(&date.to_string()),
            other => self.text_of(&other.to_string(), LongShortForm::Long).is_some(),
        }
    }

    /// Whether the capitals of English titles are wanted.
    pub(super) fn is_english(&self) -> bool {
        self.item.is_english().unwrap_or_else(|| self.sheet.terms.language.is_english())
    }

    pub(super) fn is_used(&self, variable: &str) -> bool {
        self.used.iter().any(|used| used == variable)
    }

    /// Remembers a variable that stands for missing names.
    pub(super) fn use_up(&mut self, variable: &str) {
        if self.template.is_some() {
            self.used.push(variable.to_owned());
        }
    }
}

/// A term, with the apostrophe that printers use.
fn from_term(term: &str) -> Piece {
    vec![Node::Text(term.replace('\'', "’"))]
}

/// A piece that the style sets apart from the text around it.
fn apart(piece: Piece, display: Option<Display>) -> Piece {
    if display.is_some() && !is_empty(&piece) { vec![Node::Apart(piece)] } else { piece }
}

/// Whether the elements name the letter after the year themselves.
fn names_year_suffix(elements: &[LayoutRenderingElement]) -> bool {
    elements.iter().any(|element| match element {
        LayoutRenderingElement::Text(text) => {
            matches!(text.target, TextTarget::Variable { var: Variable::Standard(StandardVariable::YearSuffix), .. })
        }
        LayoutRenderingElement::Group(group) => names_year_suffix(&group.children),
        LayoutRenderingElement::Choose(choose) => {
            choose.branches().any(|branch| names_year_suffix(&branch.children))
                || choose.otherwise.as_ref().is_some_and(|branch| names_year_suffix(&branch.children))
        }
        LayoutRenderingElement::Names(names) => {
            names.substitute().is_some_and(|substitute| names_year_suffix(&substitute.children))
        }
        _ => false,
    })
}
