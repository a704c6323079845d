//! Where the token comes from: an environment variable, or a program that prints it. It is kept nowhere.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::failure::Failure;
use crate::config::RemoteSettings;

/// A program that takes longer waits for the user.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The longest token, in bytes.
const MAX_BYTES: u64 = 16 * 1024;

/// The token, where the user says where it comes from. Runs the user's program.
pub(super) fn token(settings: &RemoteSettings) -> Result<Option<String>, Failure> {
    let said = match (&settings.token_env.value, settings.token_command.value.split_first()) {
        (Some(variable), _) => std::env::var(variable)
            .map_err(|_| Failure::NoToken(format!("the environment variable {variable} is not set")))?,
        (None, Some((program, arguments))) => printed(program, arguments)?,
        (None, None) => return Ok(None),
    };
    let token = said.lines().next().unwrap_or_default().trim();
    let is_plain = !token.is_empty() && token.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_plain {
        Ok(Some(token.to_owned()))
    } else {
        Err(Failure::NoToken("what is there is no line of plain characters".to_owned()))
    }
}

fn printed(program: &str, arguments: &[String]) -> Result<String, Failure> {
    let cannot = |reason: &dyn std::fmt::Display| Failure::NoToken(format!("`{program}`: {reason}"));
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| cannot(&error))?;
    let output = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = output.map(|output| output.take(MAX_BYTES).read_to_string(&mut text));
        text
    });
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => break,
            Ok(Some(status)) => return Err(cannot(&status)),
            Ok(None) if begun.elapsed() < TIMEOUT => std::thread::sleep(Duration::from_millis(10)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(cannot(&"it does not end"));
            }
            Err(error) => return Err(cannot(&error)),
        }
    }
    Ok(reader.join().unwrap_or_default())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn by_command(command: &[&str]) -> Result<Option<String>, Failure> {
        let mut settings = RemoteSettings::default();
        settings.token_command.value = command.iter().map(|&part| part.to_owned()).collect();
        token(&settings)
    }

    #[test]
    fn a_token_comes_from_where_the_user_says() {
        assert_eq!(token(&RemoteSettings::default()), Ok(None));
        assert_eq!(by_command(&["printf", "abc\nmore"]), Ok(Some("abc".to_owned())));
        let mut settings = RemoteSettings::default();
        settings.token_env.value = Some("IBID_NO_SUCH_VARIABLE".to_owned());
        assert!(token(&settings).unwrap_err().to_string().contains("IBID_NO_SUCH_VARIABLE is not set"));
        settings.token_env.value = Some("PATH".to_owned());
        assert_eq!(token(&settings).unwrap(), std::env::var("PATH").ok());
        for command in [&["false"][..], &["printf", ""], &["printf", "a\tb"], &["/no/such/program"]] {
            assert!(matches!(by_command(command), Err(Failure::NoToken(_))), "{command:?}");
        }
    }
}
