//! Notices about published works: retractions, reinstatements, expressions of concern and corrections.

use serde::{Deserialize, Serialize};

use super::date::PublicationDate;

/// What a notice says of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// The work was taken back.
    Retraction,
    /// A retraction was taken back.
    Reinstatement,
    /// The editors doubt the work.
    Concern,
    /// Something in the work was put right.
    Correction,
}

/// A notice about a published work, such as a journal prints.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// When it appeared; `None` where that is not known.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub date: Option<PublicationDate>,
    /// What it says of the work.
    #[serde(rename = "n")]
    pub nature: Nature,
    /// The DOI of the notice itself, in lower case without any prefix.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// Why, in the words of the list that has the notice; empty where it does not say.
    #[serde(rename = "r", default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Whether a work is retracted about which there are these notices; `said` where a source says so without a notice.
///
/// Of retractions and reinstatements the last counts, and of the same day the reinstatement: there has to be something
/// to take back. A reinstatement without a date follows all, a retraction without one none.
pub fn is_retracted(said: bool, notices: &[Notice]) -> bool {
    let decisive = notices.iter().filter(|it| matches!(it.nature, Nature::Retraction | Nature::Reinstatement));
    let last = decisive.max_by_key(|it| {
        let is_reinstatement = it.nature == Nature::Reinstatement;
        (is_reinstatement && it.date.is_none(), it.date, is_reinstatement)
    });
    last.map_or(said, |last| last.nature == Nature::Retraction)
}

/// The last notice of a nature, where there is one.
pub fn last_notice(nature: Nature, notices: &[Notice]) -> Option<&Notice> {
    notices.iter().filter(|it| it.nature == nature).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(nature: Nature, date: Option<(i32, u8)>) -> Notice {
        let date = date.map(|(year, month)| PublicationDate::new(year, Some(month), None));
        Notice { date, nature, doi: None, reason: String::new() }
    }

    #[test]
    fn the_last_of_retractions_and_reinstatements_counts() {
        use Nature::{Concern, Correction, Reinstatement, Retraction};
        type Dated = (Nature, Option<(i32, u8)>);
        let cases: [(bool, &[Dated], bool); 11] = [
            (false, &[], false),
            (true, &[], true),
            (false, &[(Retraction, Some((2020, 1)))], true),
            (true, &[(Concern, Some((2020, 1))), (Correction, None)], true),
            (false, &[(Concern, Some((2020, 1))), (Correction, None)], false),
            (true, &[(Retraction, Some((2020, 1))), (Reinstatement, Some((2021, 3)))], false),
            (false, &[(Reinstatement, Some((2021, 3))), (Retraction, Some((2021, 4)))], true),
            (true, &[(Reinstatement, Some((2021, 3))), (Retraction, Some((2021, 3)))], false),
            (true, &[(Reinstatement, None), (Retraction, Some((2021, 3)))], false),
            (true, &[(Retraction, None), (Reinstatement, Some((2001, 3)))], false),
            (true, &[(Retraction, None), (Concern, Some((2001, 3)))], true),
        ];
        for (said, notices, expected) in cases {
            let mut list: Vec<Notice> = notices.iter().map(|(nature, date)| notice(*nature, *date)).collect();
            assert_eq!(is_retracted(said, &list), expected, "{notices:?}");
            list.reverse();
            assert_eq!(is_retracted(said, &list), expected, "{notices:?} in the other order");
        }
    }
}
