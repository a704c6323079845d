//! Names of months and seasons, in English and in other languages of Europe.

use super::fold::fold;

/// The months as they are written in dates, January first.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The seasons as they are written in dates, spring first.
pub const SEASONS: [&str; 4] = ["Spring", "Summer", "Autumn", "Winter"];

/// What follows the first three letters of a month, January first.
const ENDINGS: [&str; 12] = ["uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember"];

/// The number, 1 to 12, of a month given by its English name or by the first three letters of that, in any case.
pub(crate) fn english_month_number(word: &str) -> Option<u8> {
    let word = word.trim_end_matches('.');
    let prefix = word.get(..3)?;
    let position = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(prefix))?;
    let rest = word.get(3..)?;
    let known = rest.is_empty()
        || ENDINGS.get(position).is_some_and(|ending| rest.eq_ignore_ascii_case(ending))
        || (position == 8 && rest.eq_ignore_ascii_case("t"));
    known.then(|| u8::try_from(position + 1).ok()).flatten()
}

/// The number, 1 to 12, of a month given by its name or abbreviation in English or another language, in any case.
pub(crate) fn month_number(word: &str) -> Option<u8> {
    english_month_number(word).or_else(|| number_in(&OTHER_MONTHS, word))
}

/// The number, 1 (spring) to 4 (winter), of a season given by its name in any language, in any case.
pub(crate) fn season_number(word: &str) -> Option<u8> {
    number_in(&SEASON_NAMES, word)
}

fn number_in(table: &[(&str, u8)], word: &str) -> Option<u8> {
    let word = word.trim_end_matches('.');
    if word.is_empty() || word.len() > 40 || word.contains(char::is_whitespace) {
        return None;
    }
    let word = fold(word);
    let at = table.binary_search_by_key(&word.as_str(), |(name, _)| name).ok()?;
    table.get(at).map(|(_, number)| *number)
}

/// How many days the month has at most, in any year.
pub(crate) fn days_in(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Months in other languages than English, folded and sorted.
#[rustfmt::skip]
const OTHER_MONTHS: [(&str, u8); 311] = [
    ("abr", 4), ("abril", 4), ("ago", 8), ("agost", 8), ("agosto", 8), ("agu", 8), ("agust", 8), ("agustos", 8),
    ("aout", 8), ("aprile", 4), ("aprilie", 4), ("aprilis", 4), ("aralik", 12), ("augusti", 8), ("augustus", 8),
    ("augusztus", 8), ("avr", 4), ("avril", 4), ("bre", 3), ("brezen", 3), ("brezna", 3), ("cerven", 6),
    ("cervence", 7), ("cervenec", 7), ("cervna", 6), ("cvc", 7), ("cvn", 6), ("cze", 6), ("czerwca", 6),
    ("czerwiec", 6), ("decembre", 12), ("decembrie", 12), ("desember", 12), ("desembre", 12), ("dez", 12),
    ("dezember", 12), ("dezembro", 12), ("dic", 12), ("dicembre", 12), ("diciembre", 12), ("dub", 4), ("duben", 4),
    ("dubna", 4), ("eki", 10), ("ekim", 10), ("elokuu", 8), ("elokuuta", 8), ("ene", 1), ("enero", 1), ("eyl", 9),
    ("eylul", 9), ("febb", 2), ("febbraio", 2), ("feber", 2), ("febr", 2), ("febrer", 2), ("febrero", 2),
    ("februar", 2), ("februari", 2), ("februarie", 2), ("fev", 2), ("fevereiro", 2), ("fevr", 2), ("fevrier", 2),
    ("gen", 1), ("gener", 1), ("gennaio", 1), ("giu", 6), ("giugno", 6), ("gru", 12), ("grudnia", 12),
    ("grudzien", 12), ("haz", 6), ("haziran", 6), ("heinakuu", 7), ("heinakuuta", 7), ("helmikuu", 2),
    ("helmikuuta", 2), ("huhtikuu", 4), ("huhtikuuta", 4), ("ian", 1), ("ianuarie", 1), ("iul", 7), ("iulie", 7),
    ("iun", 6), ("iunie", 6), ("jaenner", 1), ("janeiro", 1), ("janner", 1), ("januar", 1), ("januari", 1),
    ("janv", 1), ("janvier", 1), ("joulukuu", 12), ("joulukuuta", 12), ("juil", 7), ("juill", 7), ("juillet", 7),
    ("juin", 6), ("julho", 7), ("juli", 7), ("julio", 7), ("juliol", 7), ("julius", 7), ("junho", 6), ("juni", 6),
    ("junio", 6), ("junius", 6), ("juny", 6), ("kas", 11), ("kasim", 11), ("kesakuu", 6), ("kesakuuta", 6),
    ("kve", 5), ("kveten", 5), ("kvetna", 5), ("kwi", 4), ("kwiecien", 4), ("kwietnia", 4), ("leden", 1),
    ("ledna", 1), ("lip", 7), ("lipca", 7), ("lipiec", 7), ("listopad", 11), ("listopada", 11), ("listopadu", 11),
    ("lokakuu", 10), ("lokakuuta", 10), ("lug", 7), ("luglio", 7), ("lutego", 2), ("luty", 2), ("maaliskuu", 3),
    ("maaliskuuta", 3), ("maart", 3), ("maerz", 3), ("mag", 5), ("maggio", 5), ("mai", 5), ("maig", 5), ("maio", 5),
    ("maj", 5), ("maja", 5), ("majus", 5), ("marc", 3), ("marca", 3), ("marcius", 3), ("marco", 3), ("marraskuu", 11),
    ("marraskuuta", 11), ("mars", 3), ("mart", 3), ("martie", 3), ("marts", 3), ("marz", 3), ("marzec", 3),
    ("marzo", 3), ("mayis", 5), ("mayo", 5), ("mei", 5), ("mrt", 3), ("mrz", 3), ("nis", 4), ("nisan", 4),
    ("noi", 11), ("noiembrie", 11), ("novembre", 11), ("novembro", 11), ("noviembre", 11), ("oca", 1), ("ocak", 1),
    ("octobre", 10), ("octombrie", 10), ("octubre", 10), ("okt", 10), ("oktober", 10), ("ott", 10), ("ottobre", 10),
    ("out", 10), ("outubro", 10), ("paz", 10), ("pazdziernik", 10), ("pazdziernika", 10), ("prosince", 12),
    ("prosinec", 12), ("rij", 10), ("rijen", 10), ("rijna", 10), ("sausis", 1), ("septembre", 9), ("septembrie", 9),
    ("septiembre", 9), ("set", 9), ("setembre", 9), ("setembro", 9), ("setiembre", 9), ("sett", 9), ("settembre", 9),
    ("sierpien", 8), ("sierpnia", 8), ("srp", 8), ("srpen", 8), ("srpna", 8), ("sty", 1), ("styczen", 1),
    ("stycznia", 1), ("sub", 2), ("subat", 2), ("syyskuu", 9), ("syyskuuta", 9), ("szept", 9), ("szeptember", 9),
    ("tammikuu", 1), ("tammikuuta", 1), ("temmuz", 7), ("toukokuu", 5), ("toukokuuta", 5), ("uno", 2), ("unor", 2),
    ("unora", 2), ("wrz", 9), ("wrzesien", 9), ("wrzesnia", 9), ("zar", 9), ("zari", 9), ("απριλιοσ", 4),
    ("απριλιου", 4), ("αυγουστοσ", 8), ("αυγουστου", 8), ("δεκεμβριοσ", 12), ("δεκεμβριου", 12), ("ιανουαριοσ", 1),
    ("ιανουαριου", 1), ("ιουλιοσ", 7), ("ιουλιου", 7), ("ιουνιοσ", 6), ("ιουνιου", 6), ("μαιοσ", 5), ("μαιου", 5),
    ("μαρτιοσ", 3), ("μαρτιου", 3), ("νοεμβριοσ", 11), ("νοεμβριου", 11), ("οκτωβριοσ", 10), ("οκτωβριου", 10),
    ("σεπτεμβριοσ", 9), ("σεπτεμβριου", 9), ("φεβρουαριοσ", 2), ("φεβρουαριου", 2), ("авг", 8), ("август", 8),
    ("августа", 8), ("апр", 4), ("апрель", 4), ("апреля", 4), ("березень", 3), ("березня", 3), ("вересень", 9),
    ("вересня", 9), ("грудень", 12), ("грудня", 12), ("дек", 12), ("декабрь", 12), ("декабря", 12), ("жовтень", 10),
    ("жовтня", 10), ("июл", 7), ("июль", 7), ("июля", 7), ("июн", 6), ("июнь", 6), ("июня", 6), ("квітень", 4),
    ("квітня", 4), ("липень", 7), ("липня", 7), ("листопада", 11), ("лютии", 2), ("лютого", 2), ("маи", 5),
    ("мар", 3), ("март", 3), ("марта", 3), ("мая", 5), ("ноя", 11), ("нояб", 11), ("ноябрь", 11), ("ноября", 11),
    ("окт", 10), ("октябрь", 10), ("октября", 10), ("сен", 9), ("сент", 9), ("сентябрь", 9), ("сентября", 9),
    ("серпень", 8), ("серпня", 8), ("січень", 1), ("січня", 1), ("травень", 5), ("травня", 5), ("фев", 2),
    ("февр", 2), ("февраль", 2), ("февраля", 2), ("червень", 6), ("червня", 6), ("янв", 1), ("январь", 1),
    ("января", 1),
];

/// Seasons in all languages, folded and sorted.
#[rustfmt::skip]
const SEASON_NAMES: [(&str, u8); 58] = [
    ("automne", 3), ("autumn", 3), ("autunno", 3), ("efterar", 3), ("estate", 2), ("estiu", 2), ("ete", 2),
    ("fall", 3), ("forar", 1), ("fruehjahr", 1), ("fruehling", 1), ("fruhjahr", 1), ("fruhling", 1), ("herbst", 3),
    ("herfst", 3), ("hiver", 4), ("hivern", 4), ("host", 3), ("inverno", 4), ("invierno", 4), ("jaro", 1),
    ("jesien", 3), ("kesa", 2), ("kevat", 1), ("lato", 2), ("lente", 1), ("leto", 2), ("najaar", 3), ("otono", 3),
    ("outono", 3), ("podzim", 3), ("primavera", 1), ("printemps", 1), ("sommar", 2), ("sommer", 2), ("spr", 1),
    ("spring", 1), ("summer", 2), ("syksy", 3), ("talvi", 4), ("tardor", 3), ("var", 1), ("verano", 2), ("verao", 2),
    ("vinter", 4), ("voorjaar", 1), ("winter", 4), ("wiosna", 1), ("zima", 4), ("zomer", 2), ("весна", 1),
    ("веснои", 1), ("зима", 4), ("зимои", 4), ("лето", 2), ("летом", 2), ("осень", 3), ("осенью", 3),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_folded_and_sorted() {
        for table in [&OTHER_MONTHS[..], &SEASON_NAMES] {
            assert!(table.is_sorted_by(|one, other| one.0 < other.0));
            for (name, _) in table {
                assert_eq!(fold(name), *name);
            }
        }
    }

    #[test]
    fn months_in_many_languages() {
        let cases = [
            ("January", 1),
            ("sept.", 9),
            ("SEP", 9),
            ("März", 3),
            ("Mrz.", 3),
            ("févr.", 2),
            ("Août", 8),
            ("dic", 12),
            ("ottobre", 10),
            ("mayıs", 5),
            ("październik", 10),
            ("Мая", 5),
            ("Ιουνίου", 6),
            ("maart", 3),
            ("července", 7),
            ("Dez", 12),
        ];
        for (name, number) in cases {
            assert_eq!(month_number(name), Some(number), "{name}");
        }
        for name in ["", "Juneau", "Mayor", "Ma", "Mond", "12", "日付", "Decem"] {
            assert_eq!(month_number(name), None, "{name}");
        }
        assert_eq!(english_month_number("März"), None);
        assert_eq!(season_number("Frühjahr"), Some(1));
        assert_eq!(season_number("Fall"), Some(3));
        assert_eq!(season_number("Winters"), None);
    }
}
