//! TeX → text that people read.

use unicode_normalization::UnicodeNormalization;

use super::symbols::{accent, drops_argument, is_switch, math_accent, subscript, superscript, symbol};
use crate::corpus::syntax::bibtex::matching_brace;
use crate::corpus::text::one_line;

/// How deep arguments may stand in arguments before they are taken as they are.
const MAX_DEPTH: usize = 32;

/// The text on one line: accents composed, commands replaced by what they stand for, braces dropped.
pub(in crate::corpus) fn readable(tex: &str) -> String {
    if !tex.bytes().any(is_special) {
        return tidy(tex.to_owned());
    }
    let mut reader = TexReader::new(tex, 0, false);
    reader.run();
    let text = if reader.composes { reader.out.nfc().collect() } else { reader.out };
    tidy(text)
}

/// The text of an address, an identifier or a path: only what escapes a character is undone.
pub(in crate::corpus) fn verbatim(tex: &str) -> String {
    let mut text = tex.trim();
    if !text.contains(['\\', '{', '}', '\n', '\r']) {
        return text.to_owned();
    }
    for command in ["\\url", "\\href", "\\path", "\\nolinkurl", "\\texttt"] {
        if let Some(at) = text.find(&format!("{command}{{")) {
            let start = at + command.len() + 1;
            text = text.get(start..matching_brace(text, start).unwrap_or(text.len())).unwrap_or_default();
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '{', '}', '\n', '\r']) {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let escapes = [
            ("\\textunderscore", "_"),
            ("\\textasciitilde", "~"),
            ("\\_", "_"),
            ("\\%", "%"),
            ("\\&", "&"),
            ("\\#", "#"),
            ("\\$", "$"),
            ("\\~", "~"),
            ("\\{", "{"),
            ("\\}", "}"),
            ("\\-", ""),
            ("\\/", ""),
        ];
        let escape = escapes.iter().find(|(escape, _)| rest.starts_with(escape));
        if let Some((escape, meaning)) = escape {
            out.push_str(meaning);
            rest = rest.get(escape.len()..).unwrap_or_default();
        } else {
            if rest.starts_with('\\') {
                out.push('\\');
            }
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// The text on one line, without copying it where it is so already.
fn tidy(text: String) -> String {
    let has_edge = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    let mut before = 0;
    let has_loose_space = text.bytes().any(|byte| {
        let is_double = byte == b' ' && before == b' ';
        before = byte;
        byte < b' ' || is_double
    });
    let is_tidy = !has_edge && !text.contains('\u{a0}') && !has_loose_space;
    if is_tidy { text } else { one_line(&text) }
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'{' | b'}' | b'$' | b'~' | b'-' | b'`' | b'\'' | b'&' | b'<')
}

struct TexReader<'t> {
    tex: &'t str,
    at: usize,
    depth: usize,
    in_math: bool,
    out: String,
    /// Some mark has to be composed with its letter.
    composes: bool,
    /// A single quote has been opened.
    in_quote: bool,
}

impl<'t> TexReader<'t> {
    fn new(tex: &'t str, depth: usize, in_math: bool) -> Self {
        let out = String::with_capacity(tex.len());
        Self { tex, at: 0, depth, in_math, out, composes: false, in_quote: false }
    }

    fn run(&mut self) {
        while self.at < self.tex.len() {
            self.step();
        }
    }

    fn rest(&self) -> &'t str {
        self.tex.get(self.at..).unwrap_or_default()
    }

    /// Copies plain text up to the next special character, then reads that one.
    fn step(&mut self) {
        let rest = self.rest();
        let in_math = self.in_math;
        let stops = |byte: u8| is_special(byte) || (in_math && matches!(byte, b'^' | b'_'));
        let plain = rest.bytes().position(stops).unwrap_or(rest.len());
        self.out.push_str(rest.get(..plain).unwrap_or_default());
        self.at += plain;
        let rest = self.rest();
        let Some(first) = rest.bytes().next() else { return };
        match first {
            b'\\' => self.command(),
            b'$' => self.dollar(),
            b'<' => self.tag(),
            b'{' | b'}' => self.at += 1,
            b'^' | b'_' => self.script(first),
            b'~' => self.replace(1, " "),
            b'&' => {
                let entities =
                    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")];
                match entities.iter().find(|(entity, _)| rest.starts_with(entity)) {
                    Some((entity, meaning)) => self.replace(entity.len(), meaning),
                    None => self.replace(1, "&"),
                }
            }
            b'-' if !in_math && rest.starts_with("---") => self.replace(3, "—"),
            b'-' if !in_math && rest.starts_with("--") => self.replace(2, "–"),
            b'-' => self.replace(1, "-"),
            _ => self.quote(),
        }
    }

    fn replace(&mut self, length: usize, text: &str) {
        self.at += length;
        self.out.push_str(text);
    }

    fn quote(&mut self) {
        let rest = self.rest();
        let goes_on = rest.get(1..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric);
        if self.in_math {
            let prime = if rest.starts_with('\'') { "′" } else { "‘" };
            self.replace(1, prime);
        } else if rest.starts_with("``") {
            self.replace(2, "“");
        } else if rest.starts_with("''") {
            self.replace(2, "”");
        } else if rest.starts_with('`') {
            self.in_quote = true;
            self.replace(1, "‘");
        } else if self.in_quote && !goes_on {
            self.in_quote = false;
            self.replace(1, "’");
        } else {
            self.replace(1, "'");
        }
    }

    /// A simple tag of HTML says how text looks and is dropped; any other `<` stays.
    fn tag(&mut self) {
        let rest = self.rest();
        let tag = rest.get(1..).and_then(|rest| rest.get(..rest.find('>').filter(|at| *at <= 40)?));
        let name = tag.map(|tag| tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default());
        let is_known = name.is_some_and(|name| {
            let name = name.strip_prefix("jats:").unwrap_or(name).to_ascii_lowercase();
            ["i", "b", "em", "strong", "sub", "sup", "scp", "sc", "tt", "span", "p", "br", "title", "italic", "bold"]
                .contains(&name.as_str())
        });
        match tag {
            Some(tag) if is_known && !self.in_math => {
                let is_block = name.is_some_and(|name| matches!(name, "p" | "br" | "jats:p" | "jats:title"));
                self.replace(tag.len() + 2, if is_block { " " } else { "" });
            }
            _ => self.replace(1, "<"),
        }
    }

    /// `$…$` is mathematics, unless nothing closes it or both signs stand before a price.
    fn dollar(&mut self) {
        let signs = if self.rest().starts_with("$$") { 2 } else { 1 };
        let inside = self.rest().get(signs..).unwrap_or_default();
        let sign = self.rest().get(..signs).unwrap_or_default();
        let end = inside
            .match_indices(sign)
            .map(|(at, _)| at)
            .find(|at| !inside.get(..*at).unwrap_or_default().ends_with('\\'));
        let Some(end) = end else { return self.replace(signs, sign) };
        let begins_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let formula = inside.get(..end).unwrap_or_default();
        if begins_number(inside) && begins_number(inside.get(end + 1..).unwrap_or_default()) && formula.contains(' ') {
            return self.replace(signs, sign);
        }
        self.at += signs + end + signs;
        let text = self.formula(formula);
        self.out.push_str(&text);
    }

    fn formula(&mut self, tex: &str) -> String {
        let was_in_math = std::mem::replace(&mut self.in_math, true);
        let text = self.inner(tex);
        self.in_math = was_in_math;
        text
    }

    /// The text of an argument.
    fn inner(&mut self, tex: &str) -> String {
        if self.depth >= MAX_DEPTH {
            return tex.replace(['{', '}', '\\'], "");
        }
        let mut reader = TexReader::new(tex, self.depth + 1, self.in_math);
        reader.run();
        self.composes |= reader.composes;
        reader.out
    }

    /// Sub- and superscripts: in small letters where there are all of them, else behind the sign itself.
    fn script(&mut self, sign: u8) {
        self.at += 1;
        let argument = self.argument();
        let text = self.inner(argument);
        let (small, sign): (fn(char) -> Option<char>, char) =
            if sign == b'^' { (superscript, '^') } else { (subscript, '_') };
        if let Some(small) = text.chars().map(small).collect::<Option<String>>() {
            self.out.push_str(&small);
        } else {
            self.out.push(sign);
            self.out.push_str(text.trim());
        }
    }

    /// What the next command or accent applies to: a group, a command, or a single character.
    fn argument(&mut self) -> &'t str {
        let rest = self.rest();
        let start = rest.len() - rest.trim_start().len();
        let rest = rest.get(start..).unwrap_or_default();
        let (argument, length) = if rest.starts_with('{') {
            match matching_brace(rest, 1) {
                Some(end) => (rest.get(1..end), end + 1),
                None => (rest.get(1..), rest.len()),
            }
        } else if rest.starts_with('\\') {
            let length = command_length(rest);
            let name = rest.get(1..length).unwrap_or_default();
            // The argument of a stacked accent belongs to it.
            let behind = rest.get(length..).unwrap_or_default();
            let takes_more = accent(name).is_some() || math_accent(name).is_some() || behind.starts_with('{');
            let more = if takes_more && self.depth < MAX_DEPTH {
                let mut inner = TexReader::new(behind, self.depth + 1, false);
                inner.argument();
                inner.at
            } else if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                // The space behind a command only ends its name.
                behind.len() - behind.trim_start().len()
            } else {
                0
            };
            (rest.get(..length + more), length + more)
        } else if rest.starts_with('}') {
            (None, 0)
        } else {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            (rest.get(..length), length)
        };
        self.at += start + length;
        argument.unwrap_or_default()
    }

    fn command(&mut self) {
        let rest = self.rest();
        let length = command_length(rest);
        let name = rest.get(1..length).unwrap_or_default();
        self.at += length;
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.control_symbol(name);
        }
        let behind = self.rest();
        let spaces = behind.len() - behind.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let has_group = behind.get(spaces..).is_some_and(|behind| behind.starts_with('{'));
        let mark = accent(name).or_else(|| math_accent(name).filter(|_| self.in_math));
        if let Some(mark) = mark
            && (has_group || name.len() > 1 || spaces > 0 || behind.starts_with('\\'))
        {
            return self.accented(mark, "");
        }
        if let Some(text) = symbol(name) {
            // In running text the space behind a command only ends its name.
            self.at += spaces;
            self.out.push_str(text);
            if self.in_math && spaces > 0 && !text.ends_with(' ') {
                self.out.push(' ');
            }
            return;
        }
        self.command_with_argument(name, spaces, has_group);
    }

    fn command_with_argument(&mut self, name: &str, spaces: usize, has_group: bool) {
        match name {
            "url" | "path" | "nolinkurl" if has_group => {
                let argument = self.argument();
                self.out.push_str(&verbatim(argument));
            }
            "href" if has_group => {
                self.argument();
            }
            "frac" | "tfrac" | "dfrac" | "nicefrac" if has_group => {
                let (above, below) = (self.argument(), self.argument());
                let text = format!("{}/{}", self.inner(above), self.inner(below));
                self.out.push_str(&text);
            }
            "sqrt" => {
                let argument = self.argument();
                let text = self.inner(argument);
                let text = if text.chars().count() > 1 { format!("√({text})") } else { format!("√{text}") };
                self.out.push_str(&text);
            }
            "textsuperscript" | "textsubscript" if has_group => {
                let argument = self.argument();
                let text = self.inner(argument);
                let small = if name.ends_with("superscript") { superscript } else { subscript };
                let small: Option<String> = text.chars().map(small).collect();
                self.out.push_str(&small.unwrap_or(text));
            }
            "enquote" | "mkbibquote" if has_group => {
                let argument = self.argument();
                let text = format!("“{}”", self.inner(argument));
                self.out.push_str(&text);
            }
            "ensuremath" | "mathcal" | "mathrm" | "mathbb" | "mathbf" | "mathit" | "mathsf" | "operatorname" => {
                let argument = self.argument();
                let text = self.formula(argument);
                self.out.push_str(&text);
            }
            "text" | "mbox" | "textrm" | "textnormal" if has_group => {
                let argument = self.argument();
                let was_in_math = std::mem::replace(&mut self.in_math, false);
                let text = self.inner(argument);
                self.in_math = was_in_math;
                self.out.push_str(&text);
            }
            _ if drops_argument(name) => {
                if has_group {
                    self.argument();
                }
            }
            _ if is_switch(name) => self.at += spaces,
            _ => self.unknown(name, spaces, has_group),
        }
    }

    /// A command nobody knows: what it is applied to, or its name where that is all there is.
    fn unknown(&mut self, name: &str, spaces: usize, has_group: bool) {
        let rest = self.rest();
        let is_empty_group = rest.get(spaces..).is_some_and(|rest| rest.starts_with("{}"));
        if has_group && !is_empty_group {
            self.at += spaces;
            return;
        }
        self.out.push_str(name);
    }

    fn control_symbol(&mut self, name: &str) {
        match name {
            "(" | "[" => {
                let close = if name == "(" { "\\)" } else { "\\]" };
                let rest = self.rest();
                let end = rest.find(close).unwrap_or(rest.len());
                self.at += (end + 2).min(rest.len());
                let text = self.formula(rest.get(..end).unwrap_or_default());
                self.out.push_str(&text);
            }
            "\\" | "," | ";" | ":" | " " | "\n" | "\r" | "\t" => self.out.push(' '),
            "-" | "/" | "!" | "@" | ")" | "]" | "" => {}
            "|" => self.out.push('‖'),
            _ => match accent(name) {
                Some(mark) => self.accented(mark, name),
                None => self.out.push_str(name),
            },
        }
    }

    /// Puts a mark on the first letter of the argument. Without a letter some commands stand for the mark itself.
    fn accented(&mut self, mark: char, name: &str) {
        let argument = self.argument();
        let text = self.inner(argument);
        let mut letters = text.chars();
        let Some(first) = letters.next().filter(|first| !first.is_whitespace()) else {
            if matches!(name, "~" | "^" | "`") {
                self.out.push_str(name);
            }
            self.out.push_str(&text);
            return;
        };
        self.composes = true;
        // The letters without dot exist so that an accent can take the place of the dot.
        self.out.push(match first {
            'ı' => 'i',
            'ȷ' => 'j',
            other => other,
        });
        let rest = letters.as_str();
        let is_mark = |c: char| ('\u{300}'..'\u{370}').contains(&c) || c == '\u{20d7}';
        let behind_marks = rest.trim_start_matches(is_mark);
        self.out.push_str(rest.get(..rest.len() - behind_marks.len()).unwrap_or_default());
        self.out.push(mark);
        self.out.push_str(behind_marks);
    }
}

/// The length of the command that a text begins with: a backslash with letters or with one other character.
fn command_length(text: &str) -> usize {
    let name = text.get(1..).unwrap_or_default();
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    1 + if letters > 0 { letters } else { name.chars().next().map_or(0, char::len_utf8) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_and_letters() {
        let cases = [
            (
                r#"Schr\"odinger Schr{\"o}dinger Schr{\"{o}}dinger Schr\"{o}dinger"#,
                "Schrödinger Schrödinger Schrödinger Schrödinger",
            ),
            (r"\'{c} \'c {\'c}", "ć ć ć"),
            (r"Nguy{\~\^e}n Nguy\~{\^e}n Nguy\~{\^{e}}n", "Nguyễn Nguyễn Nguyễn"),
            (r"\v{c} {\v c} \c{c} \c c Ho\v rava \v{S}", "č č ç ç Hořava Š"),
            (r"Stra\ss e, Stra{\ss}e, \O rsted, {\L}ukasz, \AA rhus \aa", "Straße, Straße, Ørsted, Łukasz, Århus å"),
            (r#"Garc\'\i a Garc{\'\i}a Garc{\'{\i}}a na\"{\i}ve d\i t"#, "García García García naïve dıt"),
            (r"Erd\H{o}s, \k{a}, \r{u}, \u{g}, \.{I}, \={a}, \d{s}, \b{d}", "Erdős, ą, ů, ğ, İ, ā, ṣ, ḏ"),
            (r"\' e\'", "é"),
            ("already größe", "already größe"),
        ];
        for (tex, expected) in cases {
            assert_eq!(readable(tex), expected, "{tex}");
        }
    }

    #[test]
    fn marks_and_commands() {
        let cases = [
            ("a -- b---c-d 1--2", "a – b—c-d 1–2"),
            ("``Attention'' `all' you'd", "“Attention” ‘all’ you'd"),
            (r"R\&D \% \_ \# \$5 \{x\}", "R&D % _ # $5 {x}"),
            ("Figure~1\n  and   {B}races{ }", "Figure 1 and Braces"),
            (r"\textit{C. elegans} \emph{a} {\it b} \textsc{Mocha}", "C. elegans a b Mocha"),
            (r"\url{http://a.b/~c_d%20--e} \href{http://x.y}{text}", "http://a.b/~c_d%20--e text"),
            (r"\LaTeX\ and \BibTeX{} by \MyTool: \foo{bar}", "LaTeX and BibTeX by MyTool: bar"),
            (r"Title\footnote{No} \cite{x}end{\noopsort{1973}}1974", "Title end1974"),
            (
                "Science &amp; Technology, Drosophila <i>melanogaster</i>, a < b",
                "Science & Technology, Drosophila melanogaster, a < b",
            ),
            (r"\enquote{a} \textendash{} \ldots\ x", "“a” – … x"),
            (r"20\textsuperscript{th} H\textsubscript{2}O", "20th H₂O"),
            (r"\~{}user \^{}", "~user ^"),
            (r"back\\slash \- a\,b", "back slash a b"),
            ("unbalanced } and {", "unbalanced and"),
        ];
        for (tex, expected) in cases {
            assert_eq!(readable(tex), expected, "{tex}");
        }
    }

    #[test]
    fn mathematics_is_readable() {
        let cases = [
            (r"$\alpha$-divergence and $L_2$", "α-divergence and L₂"),
            (r"$\mathcal{O}(n \log n)$", "O(n log n)"),
            (r"$3 \times 3$, $x \leq y$, $\pi_{0.5}$", "3 × 3, x ≤ y, π_0.5"),
            (r"$\ell_1$ $x^{2}$ $x^{n+1}$ $x_{max}$ $90^\circ$", "ℓ₁ x² xⁿ⁺¹ x_max 90°"),
            (r"$\frac{1}{2}$ $\sqrt{n}$ $\sqrt{n+1}$ $\hat{y}$", "1/2 √n √(n+1) ŷ"),
            (r"\(k\)-means, $f'$, $\text{a--b}$", "k-means, f′, a–b"),
            ("costs $5 to $10", "costs $5 to $10"),
            ("only $5", "only $5"),
            (r"$\mathbf{A}\in\mathbb{R}^{d}$", "A∈R^d"),
            (r"H$_2$O and \ensuremath{\beta}", "H₂O and β"),
        ];
        for (tex, expected) in cases {
            assert_eq!(readable(tex), expected, "{tex}");
        }
    }

    #[test]
    fn addresses_keep_what_tex_would_change() {
        let cases = [
            (r"https://a.b/x\_y{\_}z\%20~u--v", "https://a.b/x_y_z%20~u--v"),
            (r"Available at \url{http://a.b/c}.", "http://a.b/c"),
            (r"\href{http://a.b}{here}", "http://a.b"),
            (r"C:\Users\x", r"C:\Users\x"),
        ];
        for (tex, expected) in cases {
            assert_eq!(verbatim(tex), expected, "{tex}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(tex in "[a\\\\{}$^_~'\"`cvi &<é-]{0,60}") {
            let text = readable(&tex);
            prop_assert_eq!(one_line(&text), text);
            verbatim(&tex);
        }

        #[test]
        fn plain_words_stay_as_they_are(words in "[a-zA-Zé]{1,9}( [a-zA-Zé,.:]{1,9}){0,5}") {
            prop_assert_eq!(readable(&words), words);
        }
    }
}
