//! The floor: a server that knows nothing and answers every request at once, with answers of the shape and size that
//! ibid's have. What it takes is the price of the pipe, the protocol and this harness.

use std::io::{BufReader, Write, stdin, stdout};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::client::read_message;

#[derive(Deserialize)]
struct Asked {
    id: Option<i64>,
    #[serde(default)]
    method: String,
}

/// Serves until the input ends or says `exit`.
pub fn serve() -> Outcome<()> {
    let mut input = BufReader::with_capacity(1 << 16, stdin().lock());
    let mut output = stdout().lock();
    let completion = completion().to_string();
    let card = json!({"contents": {"kind": "markdown", "value": "A canned card. ".repeat(100)}}).to_string();
    let target =
        json!([{"targetUri": "file:///papers.jsonl", "targetRange": range(), "targetSelectionRange": range()}]);
    let target = target.to_string();
    let hello = json!({"capabilities": {"textDocumentSync": 2, "completionProvider": {"resolveProvider": true}}});
    let hello = hello.to_string();
    let item = json!({"label": "Name", "documentation": {"kind": "markdown", "value": "A canned card. ".repeat(100)}});
    let item = item.to_string();
    while let Some(body) = read_message(&mut input) {
        let asked: Asked = serde_json::from_slice(&body)?;
        let Some(id) = asked.id else {
            if asked.method == "exit" {
                return Ok(());
            }
            continue;
        };
        let result = match asked.method.as_str() {
            "initialize" => &hello,
            "textDocument/completion" => &completion,
            "completionItem/resolve" => &item,
            "textDocument/hover" => &card,
            "textDocument/definition" => &target,
            _ => "null",
        };
        let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#);
        write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        output.flush()?;
    }
    Ok(())
}

fn range() -> Value {
    json!({"start": {"line": 7, "character": 0}, "end": {"line": 7, "character": 80}})
}

/// Fifty papers.
fn completion() -> Value {
    let title = "A Canned Title of Common Length on Learning";
    let items: Vec<Value> = (0..50)
        .map(|rank| {
            json!({
                "label": format!("Name{rank}"),
                "labelDetails": {"detail": format!(" {title}"), "description": "Author et al., 2020"},
                "kind": 18,
                "sortText": format!("{rank:04}"),
                "filterText": format!("Name{rank} {title}"),
                "textEdit": {"range": range(), "newText": format!("Name{rank}]]")},
                "data": [0, rank * 1700],
            })
        })
        .collect();
    json!({"isIncomplete": true, "items": items})
}
