//! One YAML item → the value it holds.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Why an item cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ItemError {
    /// The line of the item, from 0.
    pub line: u32,
    /// What is wrong, in a few words.
    pub message: String,
}

/// The value of the only element of the list that `text` is. Every scalar is text, so that titles such as
/// `No` and numbers such as `1e3` stay what they are written as; only the forms of null are null.
pub(super) fn parse(text: &str) -> Result<Value, ItemError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| ItemError {
            line: u32::try_from(error.marker().line().saturating_sub(1)).unwrap_or(u32::MAX),
            message: error.info().to_owned(),
        })?;
        let line = u32::try_from(span.start.line().saturating_sub(1)).unwrap_or(u32::MAX);
        builder.event(event).map_err(|message| ItemError { line, message: message.to_owned() })?;
    }
    match builder.done {
        Some(Value::Array(list)) => Ok(list.into_iter().next().unwrap_or_default()),
        other => Ok(other.unwrap_or_default()),
    }
}

/// Nested deeper than any item; dropping deeper values would use up the stack.
const DEEPEST: usize = 64;

/// How many values aliases may stand for in one item.
const MOST_ALIASED: usize = 1000;

#[derive(Default)]
struct Builder {
    open: Vec<Node>,
    done: Option<Value>,
    anchors: Vec<(usize, Value)>,
    aliased: usize,
}

enum Node {
    List { items: Vec<Value>, anchor: usize },
    Mapping { map: Map<String, Value>, key: Option<String>, anchor: usize },
}

impl Builder {
    fn event(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_null { Value::Null } else { Value::String(text.into_owned()) };
                self.add(value, anchor);
            }
            Event::SequenceStart(anchor, _) => self.push(Node::List { items: Vec::new(), anchor })?,
            Event::MappingStart(anchor, _) => self.push(Node::Mapping { map: Map::new(), key: None, anchor })?,
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Node::List { items, anchor }) => self.add(Value::Array(items), anchor),
                Some(Node::Mapping { map, anchor, .. }) => self.add(Value::Object(map), anchor),
                None => {}
            },
            Event::Alias(anchor) => {
                let value =
                    self.anchors.iter().rev().find(|(known, _)| *known == anchor).map(|(_, value)| value.clone());
                let value = value.ok_or("an alias stands for nothing in this entry")?;
                self.aliased += size(&value);
                if self.aliased > MOST_ALIASED {
                    return Err("aliases stand for too much");
                }
                self.add(value, 0);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn push(&mut self, node: Node) -> Result<(), &'static str> {
        self.open.push(node);
        if self.open.len() > DEEPEST { Err("lists and mappings are nested too deep") } else { Ok(()) }
    }

    fn add(&mut self, value: Value, anchor: usize) {
        if anchor > 0 {
            self.anchors.push((anchor, value.clone()));
        }
        match self.open.last_mut() {
            Some(Node::List { items, .. }) => items.push(value),
            Some(Node::Mapping { map, key, .. }) => match key.take() {
                // `<<` brings in what is missing.
                Some(key) if key == "<<" => {
                    if let Value::Object(other) = value {
                        for (key, value) in other {
                            map.entry(key).or_insert(value);
                        }
                    }
                }
                Some(key) => {
                    map.insert(key, value);
                }
                None => *key = Some(key_of(value)),
            },
            // A second document in one item is no part of it.
            None => self.done = self.done.take().or(Some(value)),
        }
    }
}

fn key_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
