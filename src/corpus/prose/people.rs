//! The people at the beginning of a reference written as prose.
//!
//! Styles invert all names, only the first, or none; they part names by commas, semicolons, `&` or a word. Names with initials
//! are recognised by these, wherever they stand; others by how the pieces between commas go together.

mod listed;

pub(super) use listed::listed;

use crate::paper::{is_generational_suffix, is_particle};

/// What may stand between two names, the longest first.
const SEPARATORS: [&str; 14] = [
    " ; ", ", . . . ", ", and ", "; and ", ", ... ", ", … ", ", & ", "; & ", " … ", " and ", " & ", "; ", ", ", " und ",
];

/// What stands for people who are not named, after a comma, a semicolon or a blank, the longest first; in the languages of
/// styles.
const OTHERS: [&str; 18] = [
    "and colleagues",
    "and others",
    "*et al.*",
    "_et al._",
    "*et al*",
    "et al.",
    "et al",
    "u. a.",
    "u.a.",
    "и др.",
    "m. fl.",
    "mfl.",
    "i in.",
    "vd.",
    "等",
    "others",
    "…",
    "...",
];

/// So many initials at most stand together without full stops.
const MAX_TOGETHER: usize = 3;

/// The people with initials that a text begins with, each as a list of names has them, and where they end. `None` where it
/// begins otherwise.
pub(super) fn with_initials(text: &str) -> Option<(Vec<String>, usize)> {
    let (mut names, mut end) = (Vec::new(), 0);
    loop {
        let here = text.get(end..)?;
        let is_in_list = |length: usize| {
            !names.is_empty()
                || here.get(length..).is_some_and(|rest| SEPARATORS.iter().any(|it| begins_name(rest, it)))
        };
        // `A Study of Whales` begins as `K I Blum` does, but no other name follows.
        let bare = || bare_name_at(here).filter(|(_, length)| is_in_list(*length));
        let Some((name, length)) = name_at(here).or_else(bare) else { break };
        names.push(name);
        end += length;
        let rest = text.get(end..)?;
        if let Some(separator) = SEPARATORS.iter().find(|separator| begins_name(rest, separator)) {
            if separator.contains(['…', '.']) {
                names.push("others".to_owned());
            }
            end += separator.len();
            continue;
        }
        if let Some(length) = others_length(rest) {
            names.push("others".to_owned());
            end += length;
        } else if let Some((separator, length)) = family_at_end(rest) {
            names.extend(rest.get(separator..length).map(str::to_owned));
            end += length;
        }
        break;
    }
    // Those who are left out stand last in a list, wherever they were.
    let is_short = names.iter().any(|name| name == "others");
    names.retain(|name| name != "others");
    names.extend(is_short.then(|| "others".to_owned()));
    (!names.is_empty() && end > 0).then_some((names, end))
}

/// The length of what stands for further people.
fn others_length(rest: &str) -> Option<usize> {
    let start = rest.len() - rest.trim_start_matches([',', ';', ' ']).len();
    let others = OTHERS.iter().find(|others| rest.get(start..).is_some_and(|rest| rest.starts_with(**others)))?;
    (start > 0).then_some(start + others.len())
}

/// Where the words for people who are not named begin in a list: those that stand at its end only, as dots do not.
fn others_at(list: &str) -> Option<usize> {
    let words = OTHERS.iter().filter(|others| others.contains(char::is_alphabetic));
    let places = words.flat_map(|others| list.match_indices(others)).map(|(at, _)| at);
    places.filter(|at| list.get(..*at).is_some_and(|before| before.ends_with([' ', ';', ',']))).min()
}

/// A last name without initials: where it begins after its separator, and where it ends.
fn family_at_end(rest: &str) -> Option<(usize, usize)> {
    let separator = SEPARATORS.iter().find(|separator| rest.starts_with(**separator) && separator.trim() != ",")?;
    let end = separator.len() + family_length(rest.get(separator.len()..)?)?;
    let after = rest.get(end..)?;
    (after.starts_with(". ") || after.starts_with(" (") || after.starts_with(", ")).then_some((separator.len(), end))
}

/// Whether a name follows a separator.
fn begins_name(rest: &str, separator: &str) -> bool {
    rest.strip_prefix(separator).is_some_and(|rest| name_at(rest).is_some() || bare_name_at(rest).is_some())
}

/// A name with initials at the beginning of a text, as a list has it, and its length: `Gull, A. B.`, `Gull, A. van`,
/// `A. B. Gull`, and without full stops `Gull AB`, `GULL, A B`.
fn name_at(text: &str) -> Option<(String, usize)> {
    if let Some(initials) = initials_length(text) {
        let rest = text.get(initials..)?.strip_prefix(' ')?;
        let family = family_length(rest)?;
        let length = initials + 1 + family;
        return Some(match suffix_after(text.get(length..)?) {
            Some((suffix, of_suffix)) => {
                (format!("{}, {suffix}, {}", rest.get(..family)?, text.get(..initials)?), length + of_suffix)
            }
            None => (text.get(..length)?.to_owned(), length),
        });
    }
    let family_end = family_length(text)?;
    let (family, rest) = text.split_at_checked(family_end)?;
    let gap = [", ", " "].into_iter().find(|gap| rest.starts_with(gap))?;
    let given = rest.get(gap.len()..)?;
    let with_stops = initials_length(given).filter(|_| gap == ", ");
    if let Some(name) = with_stops.and_then(|initials| with_second_name(text, family_end + gap.len() + initials)) {
        return Some(name);
    }
    let (given, initials) = match with_stops {
        Some(initials) => (given.get(..initials)?.to_owned(), initials),
        None => bare_initials(given)?,
    };
    let mut length = family_end + gap.len() + initials;
    let (particles, of_particles) = particles_after(text.get(length..)?);
    length += of_particles;
    Some(match suffix_after(text.get(length..)?) {
        Some((suffix, of_suffix)) => (format!("{particles}{family}, {suffix}, {given}"), length + of_suffix),
        None => (format!("{particles}{family}, {given}"), length),
    })
}

/// A name with a word after its initials, to which another name is added: `Kirwan, C. Brock, and Craig Stark`.
fn with_second_name(text: &str, initials_end: usize) -> Option<(String, usize)> {
    let end = initials_end + 1 + family_length(text.get(initials_end..)?.strip_prefix(' ')?)?;
    let rest = text.get(end..)?;
    let is_before_name = [", and ", ", & "].iter().any(|and| rest.strip_prefix(and).is_some_and(begins_with_capital));
    if is_before_name { Some((text.get(..end)?.to_owned(), end)) } else { None }
}

/// `Jr.` or `III` after a name, and how far it reaches.
fn suffix_after(text: &str) -> Option<(&str, usize)> {
    [", ", " "].iter().find_map(|gap| {
        let word = first_word(text.strip_prefix(gap)?);
        is_generational_suffix(word).then_some((word, gap.len() + word.len()))
    })
}

fn begins_with_capital(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
}

/// A name in its natural order whose initials have no full stops: `K I Blum`, `A-L Giraud`.
fn bare_name_at(text: &str) -> Option<(String, usize)> {
    let (mut initials, mut length) = (Vec::new(), 0);
    for word in text.split_inclusive([' ', '-']) {
        let letters = word.trim_end_matches([' ', '-']);
        let is_short = (1..=MAX_TOGETHER).contains(&letters.chars().count()) && letters.len() < word.len();
        if !is_short || !letters.chars().all(char::is_uppercase) {
            break;
        }
        initials.extend(letters.chars().map(|letter| format!("{letter}.")));
        length += word.len();
    }
    let family = text.get(length..)?;
    let end = family_length(family).filter(|_| !initials.is_empty())?;
    Some((format!("{}, {}", family.get(..end)?, initials.join(" ")), length + end))
}

/// Initials without full stops, `AB` or `A B`, with them, and their length. Something has to end them.
fn bare_initials(text: &str) -> Option<(String, usize)> {
    let end = text.find(|c: char| !(c.is_uppercase() || c == ' ' || c == '-')).unwrap_or(text.len());
    // `ML Jr.`: what begins a word is no initial.
    let is_in_word = text.get(end..)?.starts_with(char::is_alphabetic);
    let letters = if is_in_word { text.get(..end)?.rsplit_once(' ')?.0 } else { text.get(..end)? }.trim_end();
    let before_suffix = letters.rsplit_once(' ').filter(|(_, last)| is_generational_suffix(last));
    let letters = before_suffix.map_or(letters, |(letters, _)| letters);
    let is_end = |rest: &str| {
        rest.is_empty()
            || rest.starts_with([',', ';', ':'])
            || particles_after(rest).1 > 0
            || suffix_after(rest).is_some()
            || [". ", " (", " and ", " & ", " ; ", " et al", " *et"].iter().any(|start| rest.starts_with(start))
    };
    let is_short = letters.split([' ', '-']).all(|word| (1..=MAX_TOGETHER).contains(&word.chars().count()));
    if !is_short || !is_end(text.get(letters.len()..)?) {
        return None;
    }
    let initials = letters.chars().filter(|c| c.is_uppercase()).map(|letter| format!("{letter}."));
    Some((initials.collect::<Vec<_>>().join(" "), letters.len()))
}

/// The particles that end a name whose family name stands first, `van ` of `Gull, A. van, `, and their length.
fn particles_after(text: &str) -> (String, usize) {
    let (mut particles, mut length) = (String::new(), 0);
    while let Some(rest) = text.get(length..).and_then(|rest| rest.strip_prefix(' ')) {
        let word = first_word(rest);
        if word.starts_with(char::is_uppercase) || !is_particle(word) {
            break;
        }
        particles.push_str(word);
        particles.push(' ');
        length += 1 + word.len();
    }
    let after = text.get(length..).unwrap_or_default();
    let is_end = after.is_empty()
        || after.starts_with([',', ';', '.', ':'])
        || after.starts_with(" (")
        || after.starts_with(" &");
    if is_end { (particles, length) } else { (String::new(), 0) }
}

fn first_word(text: &str) -> &str {
    let word = text.split([' ', ',', ';', ':', '&', '(']).next().unwrap_or_default();
    // A full stop belongs to `Jr.`, and ends a sentence otherwise.
    let is_abbreviation = is_generational_suffix(word) && word.contains(char::is_lowercase);
    if is_abbreviation { word } else { word.trim_end_matches('.') }
}

/// The length of the initials that a text begins with: `A.`, `A. B.`, `J.-P.`, `Yu. A.`.
fn initials_length(text: &str) -> Option<usize> {
    let mut length = 0;
    loop {
        let rest = text.get(length..)?;
        let gap = if length == 0 { 0 } else { rest.len() - rest.trim_start_matches([' ', '-', '‐']).len() };
        let word = rest.get(gap..)?;
        let letters = word.chars().take_while(|c| c.is_alphabetic()).count();
        let is_one = word.starts_with(char::is_uppercase)
            && letters <= 2
            && word.chars().nth(1).is_none_or(|c| !c.is_uppercase())
            && word.chars().nth(letters) == Some('.');
        if !is_one {
            break;
        }
        length += gap + word.char_indices().nth(letters).map_or(0, |(at, _)| at) + 1;
    }
    (length > 0).then_some(length)
}

/// The length of the family name that a text begins with: a few words with a capital each, particles aside.
fn family_length(text: &str) -> Option<usize> {
    const MAX_WORDS: usize = 5;
    let (mut length, mut with_capital) = (0, None);
    for _ in 0..MAX_WORDS {
        let gap = usize::from(length > 0);
        let rest = text.get(length..)?;
        if gap == 1 && !rest.starts_with(' ') {
            break;
        }
        let rest = rest.get(gap..)?;
        let is_letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '‐' | '\'' | '’' | 'ʼ');
        let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        let word = rest.get(..end)?;
        let is_name = word.contains(char::is_uppercase) && word.chars().count() > 1;
        // After a family name a few capitals by themselves are initials.
        let mut letters = word.chars().filter(|c| *c != '-');
        let is_initials = gap == 1 && word.chars().count() <= 4 && letters.all(char::is_uppercase);
        let is_suffix = gap == 1 && is_generational_suffix(word);
        if word.is_empty() || is_initials || is_suffix || !(is_name || is_particle(word)) {
            break;
        }
        length += gap + end;
        with_capital = if is_name { Some(length) } else { with_capital };
    }
    with_capital
}

/// The names of people whose text is known, as a list has them: pieces between commas are names in their natural order, or a
/// family name and the given name after it.
pub(super) fn split(people: &str) -> Vec<String> {
    let mut text = people.replace(" & ", ", ").replace(" and ", ", ").replace(';', ",");
    for ellipsis in ["…", "...", ". . ."] {
        text = text.replace(ellipsis, "et al.");
    }
    let pieces: Vec<&str> = text.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let (mut names, mut is_short): (Vec<String>, bool) = (Vec::new(), false);
    let mut at = 0;
    while let Some(piece) = pieces.get(at).copied() {
        at += 1;
        let piece = piece.strip_prefix("and ").or_else(|| piece.strip_prefix("& ")).unwrap_or(piece);
        if is_others(piece) {
            is_short = true;
            continue;
        }
        let next = pieces.get(at).copied().filter(|next| !is_others(next));
        let is_alone = piece.split(' ').filter(|word| !is_particle(word)).count() == 1;
        let is_given = |next: &str| names.is_empty() || is_single(next) || ends_with_initial(next);
        match next {
            Some(next) if is_alone && is_given(next) => {
                names.push(format!("{piece}, {next}"));
                at += 1;
            }
            _ => names.push(piece.to_owned()),
        }
    }
    names.extend(is_short.then(|| "others".to_owned()));
    names
}

pub(super) fn is_others(piece: &str) -> bool {
    OTHERS.iter().any(|others| piece.eq_ignore_ascii_case(others))
}

/// `Joseph F`, `C. E.`: no name in its natural order ends so.
fn ends_with_initial(text: &str) -> bool {
    let last = text.rsplit([' ', '-']).next().unwrap_or_default().trim_end_matches('.');
    last.chars().count() == 1 && last.starts_with(char::is_uppercase)
}

fn is_single(text: &str) -> bool {
    !text.contains(' ')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_with_initials_end_where_the_title_begins() {
        for (text, expected, rest) in [
            ("Agam, Y., Bullock, D., & Sekuler, R. (2005). On", "Agam, Y.|Bullock, D.|Sekuler, R.", " (2005). On"),
            ("Agam, Y., D. Bullock, and R. Sekuler. 2005.", "Agam, Y.|D. Bullock|R. Sekuler", ". 2005."),
            ("Shafto, P. & Goodman, N. Teaching games: x", "Shafto, P.|Goodman, N.", " Teaching games: x"),
            ("Shafto, P.; Goodman, N. Teaching Games", "Shafto, P.|Goodman, N.", " Teaching Games"),
            ("Y. Agam, D. Bullock, and R. Sekuler, “Im", "Y. Agam|D. Bullock|R. Sekuler", ", “Im"),
            ("Es, D. M. van, Theeuwes, J., & Knapen, T. (2018)", "van Es, D. M.|Theeuwes, J.|Knapen, T.", " (2018)"),
            ("de la Cruz, A., van 't Hof, B. C. 2001.", "de la Cruz, A.|van 't Hof, B. C.", " 2001."),
            ("King, M. L., Jr., & Gull, A. (1963)", "King, Jr., M. L.|Gull, A.", " (1963)"),
            ("Sartre, J.-P., & O'Neill, Yu. A. (1", "Sartre, J.-P.|O'Neill, Yu. A.", " (1"),
            ("Gull, A., Tern, B., et al. (2020)", "Gull, A.|Tern, B.|others", " (2020)"),
            ("Gull, A., … Tern, B. (2020)", "Gull, A.|Tern, B.|others", " (2020)"),
            ("García-Márquez, G. Cien años", "García-Márquez, G.", " Cien años"),
            ("Baran, B. *et al.* Processing", "Baran, B.|others", " Processing"),
            ("Bar, M.; Rosen, B. R.; others. Top-down", "Bar, M.|Rosen, B. R.|others", ". Top-down"),
            ("Rovamo, J. & Virsu. An estimation", "Rovamo, J.|Virsu", ". An estimation"),
            ("deCharms, R. C. Applications", "deCharms, R. C.", " Applications"),
            ("Healey MK, Uitvlugt MG. The role", "Healey, M. K.|Uitvlugt, M. G.", ". The role"),
            ("Abbott LF, van der Berg KI (1996) On", "Abbott, L. F.|van der Berg, K. I.", " (1996) On"),
            ("ABBOTT, L F and BLUM, K I, 1996. On", "ABBOTT, L. F.|BLUM, K. I.", ", 1996. On"),
            ("Abbott, L F ; Blum, K I: On", "Abbott, L. F.|Blum, K. I.", ": On"),
            ("Abbott, L.F., Blum, K.I.: On", "Abbott, L.F.|Blum, K.I.", ": On"),
            ("Abbott, L F, and K I Blum. 1996.", "Abbott, L. F.|Blum, K. I.", ". 1996."),
            ("Y Asaka, M A Seager, and A-L Giraud. 2000.", "Asaka, Y.|Seager, M. A.|Giraud, A. L.", ". 2000."),
            ("Eger E, Giraud A-L, Tern B. Temporal", "Eger, E.|Giraud, A. L.|Tern, B.", ". Temporal"),
            ("Koriat, A.; Hervé, H. Psychopathy and Memory", "Koriat, A.|Hervé, H.", " Psychopathy and Memory"),
            ("Berg P van den, Gull E de. Names", "van den Berg, P.|de Gull, E.", ". Names"),
            ("Berg, P. van den, Gull, E. de: Names", "van den Berg, P.|de Gull, E.", ": Names"),
            ("Kingfisher ML Jr., Ford H III. Names", "Kingfisher, Jr., M. L.|Ford, III, H.", ". Names"),
            ("Kingfisher, M.L., Jr., Ford, H., III: Names", "Kingfisher, Jr., M.L.|Ford, III, H.", ": Names"),
            ("M. L. Kingfisher Jr. and H. Ford III, “N", "Kingfisher, Jr., M. L.|Ford, III, H.", ", “N"),
            ("D Derdikman, JR Whitlock, and A Tsao. 2009.", "Derdikman, D.|Whitlock, J. R.|Tsao, A.", ". 2009."),
            ("Kirwan, C. Brock, and A. Stark. 2004.", "Kirwan, C. Brock|A. Stark", ". 2004."),
        ] {
            let (names, end) = with_initials(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((names.join("|").as_str(), text.get(end..).unwrap()), (expected, rest), "{text}");
        }
        for other in [
            "Anderson, A Title of Words",
            "A Study of Whales. Journal of the Sea, 2020.",
            "Listening to the whales. 2020.",
            "Gull, Ann, and Bo Tern. 2020.",
            "",
            "———. Title",
        ] {
            assert!(with_initials(other).is_none(), "{other}");
        }
    }

    #[test]
    fn pieces_between_commas_go_together() {
        for (text, expected) in [
            ("Gull, Ann, and Bo Tern", "Gull, Ann|Bo Tern"),
            ("Ann Gull, Bo Tern", "Ann Gull|Bo Tern"),
            ("Gull, Ann, Tern, Bo", "Gull, Ann|Tern, Bo"),
            ("Gull, Ann B., et al.", "Gull, Ann B.|others"),
            ("Anderson, Adam K., Cy Auk, and Eva de la Cruz", "Anderson, Adam K.|Cy Auk|Eva de la Cruz"),
            ("van Es, Daan, Jan Theeuwes & Tomas Knapen", "van Es, Daan|Jan Theeuwes|Tomas Knapen"),
            ("Ann Gull", "Ann Gull"),
            (
                "AWAD, Issam A, AHL, Jennifer, HAHN, Joseph F and OTHERS",
                "AWAD, Issam A|AHL, Jennifer|HAHN, Joseph F|others",
            ),
            (
                "COHEN, Michael X, AXMACHER, N, ELGER, C E and STURM, V",
                "COHEN, Michael X|AXMACHER, N|ELGER, C E|STURM, V",
            ),
        ] {
            assert_eq!(split(text).join("|"), expected, "{text}");
        }
    }
}
