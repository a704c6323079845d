//! The database of Zotero, written out as text: items as Better `BibTeX` exports them, with what only Zotero knows of them.

use super::better_bibtex_json::{built, is_work};
use super::json::JsonFormat;
use crate::corpus::source::Entry;
use crate::corpus::syntax::Fields;
use crate::corpus::syntax::json::Kept;
use crate::corpus::{Format, FormatInfo};
use crate::paper::Annotation;
use crate::zotero::MARK;

/// The reader of what [`crate::zotero`] writes.
pub(super) static ZOTERO: JsonFormat = JsonFormat {
    info: FormatInfo { format: Format::Zotero, name: "Zotero database", extensions: &["sqlite"] },
    containers: &["ibid-zotero"],
    kept: Kept::All,
    // Keys repeat where a group has what the user's own library has.
    has_keys: false,
    is_entry: |_, _| false,
    is_head: |head| head.starts_with(MARK.as_bytes()),
    entry: |item| is_work(&item.text("itemType")).then(|| entry(item)),
};

fn entry(item: Fields<'_>) -> Entry {
    let mut builder = built(item);
    // Zotero opens its own files, wherever they lie, and at any page.
    let pdf = item.text("pdf");
    if !pdf.is_empty() {
        builder.links().pdf = Some(pdf.into_owned());
    }
    builder.held_in_group(&item.text("group"));
    item.list("collections").iter().for_each(|path| builder.held_in_collection(&path.text()));
    item.list("tags").iter().for_each(|tag| builder.tag(&tag.text()));
    builder.annotation_count(item.count("annotationCount").unwrap_or(0));
    for annotation in item.objects("annotations") {
        let [text, comment, page, url, color] =
            ["text", "comment", "page", "url", "color"].map(|name| annotation.text(name).into_owned());
        let tags = annotation.list("tags").iter().map(|tag| tag.text().into_owned()).collect();
        builder.annotation(Annotation { text, comment, page, url, color, tags });
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;
    use crate::corpus::test_reading::read_all;
    use crate::paper::Variable;

    #[test]
    fn items_have_what_only_zotero_knows() {
        let item = r##"{"itemType":"journalArticle","title":"The <i>Tidal</i> Whale","citationKey":"gull2020","date":"2020-05",
            "creators":[{"creatorType":"author","firstName":"Ada","lastName":"Gull"}],"tags":["⛔ No","to do"],
            "select":"zotero://select/groups/7/items/ABCD2345","group":"Lab","collections":["Reading/2024"],
            "pdf":"zotero://open-pdf/groups/7/items/PDFD2345","annotationCount":"12","annotations":[
            {"text":"It <b>swims</b>","page":"iv","color":"#ffd400","tags":["method"],"url":"zotero://open-pdf/groups/7/items/PDFD2345?page=4&annotation=AAAA2345"}]}"##;
        let text = format!("{MARK}{},\n{{\"itemType\":\"note\",\"title\":\"x\"}}]}}\n", item.replace('\n', ""));
        let (records, problems) = read_all(&ZOTERO, text.as_bytes());
        assert_eq!(problems, []);
        let [record] = records.as_slice() else { panic!("{records:?}") };
        assert_eq!(
            (record.title.as_str(), record.keys.as_slice()),
            ("The Tidal Whale", ["gull2020".to_owned()].as_slice())
        );
        assert_eq!(record.links.pdf.as_deref(), Some("zotero://open-pdf/groups/7/items/PDFD2345"));
        assert_eq!(record.links.zotero.as_deref(), Some("zotero://select/groups/7/items/ABCD2345"));
        assert_eq!(record.details.text(Variable::Keyword), Some("⛔ No, to do"));
        let holding = record.holding.as_deref().cloned().unwrap_or_default();
        assert_eq!(holding.group.as_deref(), Some("Lab"));
        assert_eq!(
            (holding.collections, holding.tags),
            (vec!["Reading/2024".to_owned()], vec!["⛔ No".to_owned(), "to do".to_owned()])
        );
        assert_eq!((holding.annotation_count, holding.annotations.len()), (12, 1));
        assert_eq!(
            (holding.annotations[0].text.as_str(), holding.annotations[0].page.as_str()),
            ("It <b>swims</b>", "iv")
        );
        assert_eq!((holding.annotations[0].color.as_str(), holding.annotations[0].tags.len()), ("#ffd400", 1));
    }
}
