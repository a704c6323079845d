//! Names: their order, initials, particles, `et al.` and the words for what people did.

use hayagriva::citationberg::taxonomy::{NameVariable, OtherTerm, Term};
use hayagriva::citationberg::{
    Affixes, DelimiterBehavior, DemoteNonDroppingParticle, EtAl, Formatting, Name as NameElement, NameAnd,
    NameAsSortOrder, NameForm, NameLabelPosition, NameOptions, NamePart, Names as NamesElement, NamesChild, TermForm,
    ToAffixes as _, ToFormatting as _, VariablelessLabel,
};

use super::item::{Name, Names};
use super::output::{Node, Piece, dressed, is_empty, joined, plain_text, set_case};
use super::render::{Purpose, Renderer};

impl<'a> Renderer<'a> {
    pub(super) fn names(&mut self, element: &NamesElement) -> Piece {
        let shaped = self.template.as_ref().map(|template| shaped_like(template, element));
        let element = shaped.as_ref().unwrap_or(element);
        let inherited = self.options.apply(&element.options());
        let default_name = NameElement::default();
        let name = element.name().unwrap_or(&default_name);
        let mut options = name.options(&inherited);
        let shown = self.shown_names;
        options.et_al_min = shown.min.or(options.et_al_min);
        options.et_al_use_first = shown.use_first.or(options.et_al_use_first);
        options.et_al_use_last = shown.use_last.unwrap_or(options.et_al_use_last);
        let roles = self.roles(element);
        self.called += 1;
        if roles.is_empty() {
            return self.substitute(element);
        }
        self.filled += 1;
        for (variable, ..) in &roles {
            self.use_up(&variable_name(*variable));
        }
        if options.form == NameForm::Count {
            let count: usize = roles.iter().map(|(.., people)| shown_names(people, &options).0).sum();
            return dressed(vec![Node::Text(count.to_string())], element.to_formatting(), &element.to_affixes());
        }
        let pieces = roles.into_iter().map(|(_, term, people)| {
            let list = self.list(people, &options, name, element.et_al());
            match element.label().filter(|_| self.purpose != Purpose::SortKey) {
                Some((label, position)) => self.with_label(list, label, position, term, people.list.len() > 1),
                None => list,
            }
        });
        let pieces = pieces.collect();
        let delimiter = element.options().names_delimiter.or_else(|| self.options.names_delimiter.clone());
        let piece = joined(pieces, &delimiter.unwrap_or_default());
        dressed(piece, element.to_formatting(), &element.to_affixes())
    }

    /// The roles of an element that the item has people for, with the term that names each. An editor who also
    /// translated is named once, where the language has a word for that.
    fn roles(&self, element: &NamesElement) -> Vec<(NameVariable, Term, &'a Names)> {
        let item = self.item;
        let people = |variable: NameVariable| {
            let name = variable_name(variable);
            item.names(&name).filter(|_| !self.is_used(&name))
        };
        let wanted = |variable| element.variable.contains(&variable);
        let both = NameVariable::EditorTranslator;
        let form = element.label().map_or(TermForm::Long, |(label, _)| label.form);
        let are_same = wanted(NameVariable::Editor)
            && wanted(NameVariable::Translator)
            && people(NameVariable::Editor).is_some()
            && people(NameVariable::Editor) == people(NameVariable::Translator)
            && self.sheet.terms.term(Term::NameVariable(both), form, false).is_some();
        let mut roles = Vec::new();
        for &variable in &element.variable {
            let term = if are_same && variable == NameVariable::Editor { both } else { variable };
            let is_said = are_same && variable == NameVariable::Translator;
            let people = people(variable).filter(|_| !is_said);
            roles.extend(people.map(|people| (variable, Term::NameVariable(term), people)));
        }
        roles
    }

    /// What a style puts in the place of names that an item lacks: the first of its choices that gives something.
    fn substitute(&mut self, element: &NamesElement) -> Piece {
        let Some(substitute) = element.substitute().filter(|_| self.template.is_none()) else { return Vec::new() };
        self.template = Some(element.clone());
        let mut found = Vec::new();
        for child in &substitute.children {
            let pieces = self.element(child);
            if let Some(piece) = pieces.into_iter().find(|piece| !is_empty(piece)) {
                found = piece;
                break;
            }
        }
        self.template = None;
        if is_empty(&found) {
            return Vec::new();
        }
        let piece =
            if super::output::first_names(&found).is_some() { found } else { vec![Node::Names(Vec::new(), found)] };
        dressed(piece, element.to_formatting(), &element.to_affixes())
    }

    fn with_label(
        &mut self,
        people: Piece,
        label: &VariablelessLabel,
        position: NameLabelPosition,
        term: Term,
        is_plural: bool,
    ) -> Piece {
        let label = self.label_piece(label, term, is_plural);
        match position {
            NameLabelPosition::AfterName => people.into_iter().chain(label).collect(),
            NameLabelPosition::BeforeName => label.into_iter().chain(people).collect(),
        }
    }

    fn list(&mut self, people: &Names, options: &NameOptions, style: &NameElement, et_al: Option<&EtAl>) -> Piece {
        let total = people.list.len() + usize::from(people.and_others);
        let (shown, has_rest) = shown_names(people, options);
        let names: Vec<Piece> = people
            .list
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let name = self.name(name, at, options, style);
                vec![Node::Person(dressed(name, style.to_formatting(), &style.to_affixes()))]
            })
            .collect();
        let delimiter = options.delimiter;
        let mut piece = Vec::new();
        let is_sorting = self.purpose == Purpose::SortKey;
        for (at, name) in names.iter().enumerate().take(shown) {
            let is_last = at + 1 == total && !has_rest;
            let before = match at.checked_sub(1) {
                None => String::new(),
                Some(before) if is_last && !is_sorting => {
                    self.before_last(options, total, is_inverted(people, before, options))
                }
                Some(_) => delimiter.to_owned(),
            };
            piece.extend((!before.is_empty()).then_some(Node::Text(before)));
            piece.extend(name.iter().cloned());
        }
        if has_rest && shown > 0 {
            let before = before_et_al(options, shown, is_inverted(people, shown - 1, options));
            let last = names.last().filter(|_| options.et_al_use_last && !people.and_others);
            piece.extend(match last {
                Some(last) => [vec![Node::Text(format!("{before}… "))], last.clone()].concat(),
                None if is_sorting => Vec::new(),
                None => self
                    .et_al(et_al)
                    .map(|words| [vec![Node::Text(before.to_owned())], words].concat())
                    .unwrap_or_default(),
            });
        }
        vec![Node::Names(people.list.clone(), piece)]
    }

    /// The words for names that are left out; `None` where the style wants none.
    fn et_al(&self, element: Option<&EtAl>) -> Option<Piece> {
        let term = element.map_or(Term::Other(OtherTerm::EtAl), |element| element.term.into());
        let words = self.sheet.terms.term(term, TermForm::Long, false).unwrap_or("et al.");
        let formatting = element.map(|element| element.formatting).unwrap_or_default();
        let is_there = !words.trim().is_empty();
        is_there.then(|| dressed(vec![Node::Text(words.to_owned())], formatting, &Affixes::default()))
    }

    /// What stands before the last name: a delimiter, `and`, or both.
    fn before_last(&self, options: &NameOptions, total: usize, is_after_inverted: bool) -> String {
        let and = match options.and {
            None => return options.delimiter.to_owned(),
            Some(NameAnd::Symbol) => self
                .sheet
                .terms
                .term(OtherTerm::And.into(), TermForm::Symbol, false)
                .filter(|it| it.len() < 3)
                .unwrap_or("&"),
            Some(NameAnd::Text) => self.sheet.terms.word(OtherTerm::And),
        };
        let has_delimiter = match options.delimiter_precedes_last {
            DelimiterBehavior::Contextual => total > 2,
            DelimiterBehavior::AfterInvertedName => is_after_inverted,
            DelimiterBehavior::Always => true,
            DelimiterBehavior::Never => false,
        };
        let delimiter = if has_delimiter { options.delimiter } else { "" };
        let space = if delimiter.ends_with(' ') { "" } else { " " };
        format!("{delimiter}{space}{and} ")
    }

    fn name(&self, name: &Name, at: usize, options: &NameOptions, style: &NameElement) -> Piece {
        let is_english = self.is_english();
        let family_style = style.name_part_family();
        let given_style = style.name_part_given();
        let inner = |text: &str, part: Option<&NamePart>| {
            let mut piece = super::output::from_value(text);
            set_case(&mut piece, part.and_then(|part| part.text_case), is_english);
            dressed(piece, part.map(NamePart::to_formatting).unwrap_or_default(), &Affixes::default())
        };
        let outer = |piece: Piece, part: Option<&NamePart>| {
            dressed(piece, Formatting::default(), &part.map(NamePart::to_affixes).unwrap_or_default())
        };
        if !name.literal.is_empty() {
            return outer(inner(&name.literal, family_style), family_style);
        }
        let given = match options.initialize_with.filter(|_| !name.family.is_empty()) {
            Some(with) => {
                initials(&name.given, with, options.initialize, self.sheet.style.settings.initialize_with_hyphen)
            }
            None => name.given.clone(),
        };
        let family = inner(&name.family, family_style);
        let particle = inner(&name.particle, family_style);
        let given = inner(&given, given_style);
        let dropping = inner(&name.dropping_particle, given_style);
        let suffix = super::output::from_value(&name.suffix);
        if options.form == NameForm::Short {
            return outer(beside(particle, family), family_style);
        }
        if is_unspaced(name) {
            return outer(family, family_style).into_iter().chain(outer(given, given_style)).collect();
        }
        let is_sorting = self.purpose == Purpose::SortKey;
        let is_inverted = is_sorting
            || match options.name_as_sort_order {
                Some(NameAsSortOrder::All) => true,
                Some(NameAsSortOrder::First) => at == 0,
                None => false,
            };
        if is_inverted {
            let is_demoted = match self.sheet.style.settings.demote_non_dropping_particle {
                DemoteNonDroppingParticle::Never => false,
                DemoteNonDroppingParticle::SortOnly => is_sorting,
                DemoteNonDroppingParticle::DisplayAndSort => true,
            };
            let (family, given) = if is_demoted {
                (family, beside(beside(given, dropping), particle))
            } else {
                (beside(particle, family), beside(given, dropping))
            };
            let parts = vec![outer(family, family_style), outer(given, given_style), suffix];
            return joined_all(parts, options.sort_separator);
        }
        let family = beside(beside(dropping, particle), family);
        let separator = if name.comma_suffix { ", " } else { " " };
        let family = outer(joined_all(vec![family, suffix], separator), family_style);
        beside(outer(given, given_style), family)
    }
}

/// The name of a variable in CSL-JSON.
pub(super) fn variable_name(variable: NameVariable) -> String {
    match variable {
        NameVariable::EditorTranslator => "editortranslator".to_owned(),
        variable => variable.to_string(),
    }
}

/// An element within a substitute looks like the one it stands for, as far as it says nothing of its own.
fn shaped_like(template: &NamesElement, element: &NamesElement) -> NamesElement {
    if element.name().is_some() && element.label().is_some() {
        return element.clone();
    }
    let mut shaped = template.from_names_substitute(element);
    let own = |wanted: fn(&NamesChild) -> bool| element.children.iter().find(|child| wanted(child)).cloned();
    let is_label = |child: &NamesChild| matches!(child, NamesChild::Label(_));
    let label = own(is_label);
    let name = own(|child| matches!(child, NamesChild::Name(_)));
    let et_al = own(|child| matches!(child, NamesChild::EtAl(_)));
    let children = template.children.iter().filter(|child| !matches!(child, NamesChild::Substitute(_)));
    shaped.children = children
        .map(|child| match child {
            NamesChild::Label(_) => label.clone().unwrap_or_else(|| child.clone()),
            NamesChild::Name(_) => name.clone().unwrap_or_else(|| child.clone()),
            NamesChild::EtAl(_) => et_al.clone().unwrap_or_else(|| child.clone()),
            NamesChild::Substitute(_) => child.clone(),
        })
        .collect();
    for (own, is_kind) in [(name, 0), (label, 1), (et_al, 2)] {
        let is_there = shaped.children.iter().any(|child| match child {
            NamesChild::Name(_) => is_kind == 0,
            NamesChild::Label(_) => is_kind == 1,
            NamesChild::EtAl(_) => is_kind == 2,
            NamesChild::Substitute(_) => false,
        });
        shaped.children.extend(own.filter(|_| !is_there));
    }
    // The affixes and the type of the template go around whatever stands for it.
    shaped.prefix.clone_from(&element.prefix);
    shaped.suffix.clone_from(&element.suffix);
    let formatting = element.to_formatting();
    shaped.font_style = formatting.font_style;
    shaped.font_variant = formatting.font_variant;
    shaped.font_weight = formatting.font_weight;
    shaped.text_decoration = formatting.text_decoration;
    shaped.vertical_align = formatting.vertical_align;
    shaped
}

/// How many names are shown, and whether some are left.
fn shown_names(people: &Names, options: &NameOptions) -> (usize, bool) {
    let listed = people.list.len();
    let total = listed + usize::from(people.and_others);
    let is_long = options.et_al_min.is_some_and(|least| total >= least as usize);
    match options.et_al_use_first.filter(|_| is_long) {
        Some(first) if (first as usize) < total => ((first as usize).min(listed), true),
        _ => (listed, people.and_others),
    }
}

fn before_et_al<'a>(options: &NameOptions<'a>, shown: usize, is_after_inverted: bool) -> &'a str {
    let has_delimiter = match options.delimiter_precedes_et_al {
        DelimiterBehavior::Contextual => shown > 1,
        DelimiterBehavior::AfterInvertedName => is_after_inverted,
        DelimiterBehavior::Always => true,
        DelimiterBehavior::Never => false,
    };
    if has_delimiter { options.delimiter } else { " " }
}

/// Whether the name at this place is shown family name first; a name of one part has no other order.
fn is_inverted(people: &Names, at: usize, options: &NameOptions) -> bool {
    let has_parts = people.list.get(at).is_some_and(|name| name.literal.is_empty() && !is_unspaced(name));
    has_parts
        && match options.name_as_sort_order {
            Some(NameAsSortOrder::All) => true,
            Some(NameAsSortOrder::First) => at == 0,
            None => false,
        }
}

/// Two parts of a name with a space between them, unless the first ends in an apostrophe or hyphen.
fn beside(first: Piece, second: Piece) -> Piece {
    let is_tight = plain_text(&first).ends_with(['\'', '’', '-', '–', '\u{a0}', ' ']);
    joined_all(vec![first, second], if is_tight { "" } else { " " })
}

fn joined_all(parts: Vec<Piece>, separator: &str) -> Piece {
    let mut all = Vec::new();
    for part in parts.into_iter().filter(|part| !is_empty(part)) {
        if !all.is_empty() && !separator.is_empty() {
            all.push(Node::Text(separator.to_owned()));
        }
        all.extend(part);
    }
    all
}

/// Whether a name is written in a script that puts the family name first and no space between the names.
fn is_unspaced(name: &Name) -> bool {
    let letters = || name.family.chars().chain(name.given.chars()).filter(|letter| letter.is_alphabetic());
    letters().next().is_some()
        && letters().all(|letter| matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'))
}

/// Given names with initials and what stands after each: `D. E.` of `D.E.`, `J.-P.` of `Jean-Pierre`. Where the style
/// leaves names whole, only the initials among them are set its way.
fn initials(given: &str, with: &str, shortens: bool, keeps_hyphens: bool) -> String {
    let mut set = String::with_capacity(given.len() + 8);
    let mut is_after_hyphen = false;
    let mut rest = given;
    while let Some(letter) = rest.chars().next() {
        if matches!(letter, ' ' | '.' | '\u{a0}' | '-') {
            is_after_hyphen = letter == '-';
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let end = rest.find([' ', '.', '\u{a0}', '-']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        let first = initial(word);
        let is_initial = word == first || after.starts_with('.');
        let is_small = word.chars().all(char::is_lowercase) && !is_initial;
        let hyphen = if is_after_hyphen && (keeps_hyphens || !shortens) { "-" } else { "" };
        let is_dropped = is_small && shortens;
        if !hyphen.is_empty() && !is_dropped {
            set.truncate(set.trim_end_matches(' ').len());
            set.push_str(hyphen);
        }
        if is_initial {
            set.push_str(word);
            set.push_str(with);
        } else if is_small {
            // Of `Min-ji` only the first stays; the particle of `Jean de` stays whole.
            if !(is_after_hyphen && shortens) {
                if !set.is_empty() && !set.ends_with([' ', '-']) {
                    set.push(' ');
                }
                set.push_str(word);
                set.push(' ');
            }
        } else if shortens {
            set.push_str(&first);
            set.push_str(with);
        } else {
            set.push_str(word);
            set.push(' ');
        }
        is_after_hyphen = false;
    }
    set.trim_matches(' ').to_owned()
}

/// The initial of a name: one letter, or the letters of one sound where their capitals say so, `Ts` of `TSerendorjiin`.
fn initial(word: &str) -> String {
    let capitals = word.chars().take_while(|letter| letter.is_uppercase()).count();
    let is_one_sound = capitals == 2 && word.chars().nth(2).is_some_and(char::is_lowercase);
    let mut letters = word.chars();
    let first = letters.next().into_iter();
    first.chain(letters.take(usize::from(is_one_sound)).flat_map(char::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_shortened() {
        let cases = [
            ("D.E.", "D. E."),
            ("D E", "D. E."),
            ("P.V.Q.", "P. V. Q."),
            ("Vi.V.", "Vi. V."),
            ("Jean-Pierre", "J.-P."),
            ("S.-Y.", "S.-Y."),
            ("Min-ji", "M."),
            ("Martin L.", "M. L."),
            ("Jean de", "J. de"),
            ("Élodie", "É."),
            ("TSerendorjiin", "Ts."),
            ("DJ", "D."),
            ("", ""),
            ("...", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(initials(given, ". ", true, true), expected, "{given}");
        }
        assert_eq!(initials("Jean-Pierre", "", true, true), "J-P");
        assert_eq!(initials("Jean-Pierre", ".", true, false), "J.P.");
        assert_eq!(initials("Dora E.F.", ". ", false, true), "Dora E. F.");
        assert_eq!(initials("Jean-Pierre M.", ". ", false, true), "Jean-Pierre M.");
    }
}
