//! CSL-JSON, as Zotero, Mendeley and pandoc write it.

use std::io;

use super::csl;
use super::json::{Collector, Fields, objects_of_head, read_objects};
use super::{Format, Found, Input, Reader};

/// The reader of CSL-JSON.
pub(super) struct CslJson;

/// The members under which some tools keep the list.
const LISTS: &[&str] = &["items", "references"];

impl Reader for CslJson {
    fn format(&self) -> Format {
        Format::CslJson
    }

    fn name(&self) -> &'static str {
        "CSL-JSON"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json", "csljson"]
    }

    fn recognises(&self, file_name: &str, head: &[u8]) -> bool {
        !csl::is_yaml(file_name) && objects_of_head(head, LISTS).iter().any(|object| csl::is_item(Fields(object)))
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        read_objects(input, LISTS, &mut Collector::new(sink), &mut |item| Some(csl::entry(item)))
    }
}

#[cfg(test)]
mod tests;
