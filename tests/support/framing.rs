//! Messages as a process writes them to its pipe.
#![allow(clippy::unwrap_used)]

use std::io::BufRead;

use serde_json::Value;

/// The next message. Panics where the process has ended.
pub fn read_message(output: &mut impl BufRead) -> Value {
    let mut length = 0;
    loop {
        let mut line = String::new();
        assert!(output.read_line(&mut line).unwrap() > 0, "the server has ended");
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().unwrap(),
            None if line == "\r\n" => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}
