//! Addresses of works: which ones may be handed on to other programs.

/// Schemes of addresses that are safe to follow: they run nothing, and lead to no file of this machine.
const SCHEMES: [&str; 11] = ["https", "http", "ftp", "ftps", "sftp", "gopher", "urn", "hdl", "doi", "info", "ark"];

/// Whether a text is an address that anybody may follow: `https://example.org/x`, `urn:nbn:de:101:1-2013`; no script, and no file
/// of this machine.
pub fn has_public_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_web = scheme.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"));
    let has_host = || rest.strip_prefix("//").is_some_and(|host| !host.starts_with('/') && !host.trim().is_empty());
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)) && !rest.is_empty() && (!is_web || has_host())
}

/// Whether a text without a scheme begins with the name of a host, as `www.example.org/x` and `example.org` do; a name of a file
/// may look the same.
pub fn begins_with_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-') && !part.starts_with('-')
    };
    let end = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && host.split('.').all(is_part) && end.len() > 1 && end.chars().all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_files_are_no_public_addresses() {
        for public in [
            "https://example.org/a_b%20c?x=1&y=2#z",
            "http://example.org/ü b",
            "HTTP://EXAMPLE.ORG/A",
            "http://localhost:8080/x",
            "http://[::1]/x",
            "ftp://ftp.example.org/x",
            "urn:nbn:de:101:1-2013",
            "hdl:1234/5678",
        ] {
            assert!(has_public_scheme(public) && !begins_with_host(public), "{public}");
        }
        for other in [
            "javascript:alert(1)",
            "JavaScript:x",
            "data:text/html,x",
            "command:x",
            "vscode://x",
            "file:///etc/x",
            "C:\\x",
            "/home/x",
            "~/x",
            "../x",
            "papers/x",
            "http://",
            "https:///x",
            "http:",
            "urn:",
            "see there",
            "",
            "a..b",
            "v1.2",
        ] {
            assert!(!has_public_scheme(other) && !begins_with_host(other), "{other}");
        }
        assert!(["www.example.org/x", "example.org", "bücher.example/x?y"].into_iter().all(begins_with_host));
    }
}
