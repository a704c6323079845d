//! The text of an element → the value it holds.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::corpus::syntax::Value;

/// Why a text cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParseError {
    /// The line of the text, from 0.
    pub line: u32,
    /// What is wrong, in a few words.
    pub message: String,
}

/// The value of the first document in `text`. Every scalar is text, so that titles such as `No` and numbers such as
/// `1e3` stay what they are written as; only the forms of null are null.
pub(super) fn parse(text: &str) -> Result<Value<'static>, ParseError> {
    let mut builder = Builder::default();
    let line_of = |line: usize| u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
    for event in Parser::new_from_str(text) {
        let (event, span) = event
            .map_err(|error| ParseError { line: line_of(error.marker().line()), message: error.info().to_owned() })?;
        let line = line_of(span.start.line());
        builder.event(event).map_err(|message| ParseError { line, message: message.to_owned() })?;
    }
    Ok(builder.done.unwrap_or(Value::Null))
}

/// Nested deeper than any entry; dropping deeper values would use up the stack.
const MAX_DEPTH: usize = 64;

/// How many values aliases may stand for in one text.
const MAX_ALIASED_VALUES: usize = 1000;

type Members = Vec<(Cow<'static, str>, Value<'static>)>;

#[derive(Default)]
struct Builder {
    open: Vec<Node>,
    done: Option<Value<'static>>,
    anchors: Vec<(usize, Value<'static>)>,
    aliased: usize,
}

enum Node {
    List {
        items: Vec<Value<'static>>,
        anchor: usize,
    },
    /// `merged` are the members of other mappings that `<<` brings in.
    Mapping {
        members: Members,
        merged: Members,
        key: Option<String>,
        anchor: usize,
    },
}

impl Builder {
    fn event(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_null { Value::Null } else { Value::Text(Cow::Owned(text.into_owned())) };
                self.add(value, anchor);
            }
            Event::SequenceStart(anchor, _) => self.push(Node::List { items: Vec::new(), anchor })?,
            Event::MappingStart(anchor, _) => {
                self.push(Node::Mapping { members: Vec::new(), merged: Vec::new(), key: None, anchor })?;
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Node::List { items, anchor }) => self.add(Value::List(items), anchor),
                Some(Node::Mapping { members, merged, anchor, .. }) => {
                    self.add(Value::Object(with_merged(members, merged)), anchor);
                }
                None => {}
            },
            Event::Alias(anchor) => {
                let known = self.anchors.iter().rev().find(|(known, _)| *known == anchor);
                let value = known.map(|(_, value)| value.clone()).ok_or("an alias stands for nothing in this entry")?;
                self.aliased += size(&value);
                if self.aliased > MAX_ALIASED_VALUES {
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
        if self.open.len() > MAX_DEPTH { Err("lists and mappings are nested too deep") } else { Ok(()) }
    }

    fn add(&mut self, value: Value<'static>, anchor: usize) {
        if anchor > 0 {
            self.anchors.push((anchor, value.clone()));
        }
        match self.open.last_mut() {
            Some(Node::List { items, .. }) => items.push(value),
            Some(Node::Mapping { members, merged, key, .. }) => match key.take() {
                Some(key) if key == "<<" => merged.extend(members_of(value)),
                Some(key) => members.push((Cow::Owned(key), value)),
                None => *key = Some(value.text().into_owned()),
            },
            // A second document in one text is not part of it.
            None => self.done = self.done.take().or(Some(value)),
        }
    }
}

/// The members of a mapping, or of all mappings in a list.
fn members_of(value: Value<'static>) -> Members {
    match value {
        Value::Object(members) => members,
        Value::List(list) => {
            list.into_iter().flat_map(|one| if let Value::Object(of) = one { of } else { Vec::new() }).collect()
        }
        _ => Vec::new(),
    }
}

/// The members with those of others that they lack.
fn with_merged(mut members: Members, merged: Members) -> Members {
    if !merged.is_empty() {
        let mut known: FxHashSet<Cow<'static, str>> = members.iter().map(|(key, _)| key.clone()).collect();
        members.extend(merged.into_iter().filter(|(key, _)| known.insert(key.clone())));
    }
    members
}

fn size(value: &Value<'_>) -> usize {
    match value {
        Value::List(list) => 1 + list.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.iter().map(|(_, value)| size(value)).sum::<usize>(),
        _ => 1,
    }
}
