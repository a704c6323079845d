//! What commands do with the text.

use super::reader::{MAX_QUOTED_BYTES, Reader};
use super::source::{Source, beginning};
use super::symbols::{Accent, Symbol, accent, ding, double_struck, find, operator, small, symbol};
use super::verbatim::verbatim;

/// What a command does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Command {
    /// Says only how the text looks: nothing stands for it.
    Nothing,
    /// Writes its argument.
    Inside,
    /// Writes its argument as text, also in a formula.
    Text,
    /// Writes its argument as a formula.
    Math,
    /// Writes its argument between two marks.
    Between(&'static str, &'static str),
    /// Writes its argument in quotation marks.
    Quote,
    /// Writes its argument in capital letters.
    Upper,
    /// Writes its argument in small letters.
    Lower,
    /// Writes its argument in letters with double strokes.
    DoubleStruck,
    /// Writes its argument as a word of a formula.
    Operator,
    /// Drops so many arguments, each a group.
    Drop(u8),
    /// Drops so many arguments and leaves what follows: the argument that counts.
    After(u8),
    /// Writes the first of two arguments.
    First,
    /// Raises (`^`) or lowers (`_`) its argument, in a formula or in text.
    Script(u8, bool),
    Fraction,
    Binomial,
    Root,
    /// Writes an address as it stands.
    Address,
    /// Writes what stands between two equal characters as it stands.
    Verbatim,
    /// Writes the character with a number.
    Character,
    Ding,
    /// Writes the marks of the tones that its argument numbers from 1 to 5.
    Tone,
    /// Strikes out the next symbol.
    Not,
    /// Puts the accent with a number on the next letter.
    NumberedAccent,
    /// Moves what follows by a length.
    Length,
    /// Begins an environment.
    Begin,
}

use Command::{
    Address, After, Begin, Between, Binomial, Character, Ding, DoubleStruck, Drop, First, Fraction, Inside, Length,
    Lower, Math, Not, Nothing, NumberedAccent, Operator, Quote, Root, Script, Text, Tone, Upper, Verbatim,
};

/// The command with a name, where it is more than a symbol.
pub(super) fn command(name: &str) -> Option<Command> {
    find(&COMMANDS, name)
}

/// Whether a name stands for something without being defined.
pub(super) fn is_known(name: &str) -> bool {
    accent(name).is_some() || command(name).is_some() || symbol(name).is_some() || operator(name).is_some()
}

/// Environments that are formulas.
const FORMULAS: [&str; 9] =
    ["align", "displaymath", "eqnarray", "equation", "flalign", "gather", "math", "multline", "subequations"];

impl Reader {
    pub(super) fn perform(&mut self, command: Command, source: &mut Source<'_>) {
        let is_starred = !matches!(command, Nothing | Verbatim) && source.take_if("*");
        match command {
            Nothing => self.nothing(source),
            Inside => self.argument(source),
            Text | Math => {
                let text = self.argument_in(matches!(command, Math), source);
                self.out.push_str(&text);
            }
            Between(before, after) => {
                let text = self.argument_in(self.in_math, source);
                self.out.extend([before, &text, after]);
            }
            Quote => self.quoted(is_starred, source),
            Upper => self.changed(source, str::to_uppercase),
            Lower => self.changed(source, str::to_lowercase),
            DoubleStruck => self.changed(source, |text| text.chars().map(double_struck).collect()),
            Operator => {
                let text = self.argument_in(self.in_math, source);
                self.operator(&text, source);
            }
            Drop(count) => self.dropped(count, source),
            After(count) => self.skipped(count, source),
            First => {
                self.argument(source);
                source.take_group(&mut self.lookahead);
            }
            Script(sign, true) => self.script(sign, source),
            Script(sign, false) => self.script_in_text(sign, source),
            Fraction => self.fraction(source),
            Binomial => {
                let (above, below) = (self.argument_in(self.in_math, source), self.argument_in(self.in_math, source));
                self.out.extend(["(", &above, " choose ", &below, ")"]);
            }
            Root => self.root(source),
            Address => {
                source.take_option(&mut self.lookahead);
                let address = verbatim(source.take_argument(&mut self.lookahead));
                self.out.push_str(&address);
            }
            Verbatim => {
                let mark = source.take_char();
                let length = beginning(source.rest(), MAX_QUOTED_BYTES).find(mark).unwrap_or_default();
                self.out.push_str(source.take(length));
                source.take_if(mark);
            }
            Character => self.out.extend(number(source).and_then(char::from_u32).filter(|c| !c.is_control())),
            Ding => {
                let code = source.take_argument(&mut self.lookahead);
                self.out.extend(ding(code));
            }
            Tone => self.changed(source, |text| text.chars().map(tone).collect()),
            Not => {
                let symbol = self.argument_in(self.in_math, source);
                self.put_mark("\u{338}", &symbol);
            }
            NumberedAccent => {
                let place = number(source);
                let mark = NUMBERED_MARKS.iter().find(|(known, _)| Some(*known) == place).map(|(_, mark)| *mark);
                let letter = self.argument_in(self.in_math, source);
                self.put_mark(mark.unwrap_or_default(), &letter);
            }
            Length => skip_length(source),
            Begin => {
                let environment = source.take_group(&mut self.lookahead).unwrap_or_default();
                if FORMULAS.contains(&environment.trim_end_matches('*')) {
                    self.math_until(&format!("\\end{{{environment}}}"), source);
                }
            }
        }
    }

    /// The space after a command only ends its name. A dot after `\left` stands for no bracket.
    fn nothing(&mut self, source: &mut Source<'_>) {
        if self.in_math {
            source.take_if(".");
        }
        source.skip_spaces();
    }

    fn quoted(&mut self, is_starred: bool, source: &mut Source<'_>) {
        let is_inner = is_starred || self.quotes.commands % 2 == 1;
        let (open, close) = if is_inner { ('‘', '’') } else { ('“', '”') };
        self.out.push(open);
        self.quotes.commands += 1;
        self.argument(source);
        self.quotes.commands -= 1;
        self.out.push(close);
    }

    fn changed(&mut self, source: &mut Source<'_>, change: impl Fn(&str) -> String) {
        let text = self.argument_in(self.in_math, source);
        self.out.push_str(&change(&text));
    }

    /// Drops arguments, and the space before them where nothing follows that needs it.
    fn dropped(&mut self, count: u8, source: &mut Source<'_>) {
        self.skipped(count, source);
        if self.out.ends_with(' ') && source.peek().is_none_or(|byte| b" .,;:)]".contains(&byte)) {
            self.out.pop();
        }
    }

    fn skipped(&mut self, count: u8, source: &mut Source<'_>) {
        while source.take_option(&mut self.lookahead).is_some() {}
        for _ in 0..count {
            if source.take_group(&mut self.lookahead).is_none() && source.peek() == Some(b'\\') {
                source.take_command();
            }
        }
    }

    /// A letter or symbol with a name. In running text the space after the name only ends it, except after a word;
    /// in a formula a letter does not need it before another one.
    pub(super) fn symbol(&mut self, symbol: Symbol, source: &mut Source<'_>) {
        let text = symbol.text;
        if self.in_math && text == "^" {
            return self.script(b'^', source);
        }
        self.out.push_str(text);
        if source.take_if("{}") {
            return;
        }
        let mut after = source.clone();
        after.skip_spaces();
        let letter_follows = after.rest().starts_with(|c: char| c.is_ascii_alphanumeric());
        let is_letter = text.chars().all(|c| c.is_alphabetic() || matches!(c, '∂' | '∇'));
        let is_word = text.chars().nth(1).is_some();
        let skips =
            if self.in_math { is_letter && letter_follows } else { symbol.is_of_text && !(is_word && letter_follows) };
        if skips {
            *source = after;
        }
    }

    /// A word of a formula, such as `log`: with a space to each side of it that has a letter.
    pub(super) fn operator(&mut self, words: &str, source: &mut Source<'_>) {
        if self.out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | ']' | '}' | '′')) {
            self.out.push(' ');
        }
        self.out.push_str(words.trim());
        let rest = source.rest();
        let next = rest.strip_prefix('\\').unwrap_or(rest);
        if next.starts_with(|c: char| c.is_ascii_alphabetic()) || rest.starts_with(|c: char| c.is_ascii_digit()) {
            self.out.push(' ');
        }
    }

    /// An accent over its argument. Gives whether it is one: in what is perhaps no TeX it needs a letter.
    pub(super) fn accented(&mut self, accent: Accent, name: &str, source: &mut Source<'_>) -> bool {
        if name == "\"" && self.is_escaped_quote(source) {
            self.out.push('"');
            return true;
        }
        let text = self.argument_in(self.in_math || accent.is_of_math, source);
        let mut letters = text.chars();
        let first = letters.next();
        let rest_is_marks = letters.all(is_mark);
        // Directions in crystals have a bar over a digit: (11\=22).
        let takes_digit = self.is_certain() || name == "=";
        let takes = |c: char| {
            if accent.is_of_math {
                rest_is_marks && !c.is_whitespace()
            } else {
                c.is_alphabetic() || (c.is_numeric() && takes_digit)
            }
        };
        if first.is_some_and(takes) {
            self.put_mark(accent.mark, &text);
        } else if text.is_empty() && matches!(name, "~" | "^" | "`" | "\"") {
            self.out.push_str(name);
        } else if self.is_certain() || accent.is_of_math {
            self.out.push_str(&text);
        } else {
            return false;
        }
        true
    }

    /// Whether the `\"` before this place is a quotation mark that some program has escaped: it stands as one that
    /// closes, or as one that opens where another one closes.
    fn is_escaped_quote(&self, source: &Source<'_>) -> bool {
        let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '{' | '\\'));
        let follows_word = self.out.ends_with(|c: char| !c.is_whitespace() && !matches!(c, '(' | '[' | '"'));
        let rest = beginning(source.rest(), MAX_QUOTED_BYTES);
        if !goes_on(rest) {
            return follows_word && !rest.is_empty() || rest.is_empty();
        }
        !follows_word
            && rest.match_indices("\\\"").any(|(at, mark)| {
                let (before, after) = rest.split_at_checked(at).unwrap_or_default();
                !before.ends_with(char::is_whitespace) && !after.get(mark.len()..).is_some_and(goes_on)
            })
    }

    /// Writes a text with a mark on its first letter.
    fn put_mark(&mut self, mark: &str, text: &str) {
        let mut letters = text.chars();
        let Some(first) = letters.next() else { return };
        self.composes = true;
        // The letters without dot exist so that an accent can take the place of the dot.
        self.out.push(match first {
            'ı' => 'i',
            'ȷ' => 'j',
            other => other,
        });
        let rest = letters.as_str();
        let after_marks = rest.trim_start_matches(is_mark);
        self.out.push_str(rest.get(..rest.len() - after_marks.len()).unwrap_or_default());
        self.out.push_str(match mark {
            // A tie joins two letters, and the Cyrillic encodings write a breve as others write a double line.
            "\u{311}" if after_marks.starts_with(char::is_alphabetic) => "\u{361}",
            "\u{30e}" if ('\u{400}'..='\u{4ff}').contains(&first) => "\u{306}",
            other => other,
        });
        self.out.push_str(after_marks);
    }

    /// Sub- and superscripts of formulas: in small letters where there are all of them, else after the sign itself.
    pub(super) fn script(&mut self, sign: u8, source: &mut Source<'_>) {
        let text = self.argument_in(true, source);
        let text = text.trim();
        let is_ordinal = sign == b'^'
            && ["st", "nd", "rd", "th"].contains(&text)
            && self.out.ends_with(|c: char| c.is_ascii_digit());
        if let Some(small) = small(text, sign) {
            self.out.push_str(&small);
        } else if is_ordinal {
            self.out.push_str(text);
        } else {
            self.out.push(char::from(sign));
            self.push_bracketed(text, text.chars().nth(1).is_none() || is_word(text));
        }
    }

    fn script_in_text(&mut self, sign: u8, source: &mut Source<'_>) {
        let text = self.argument_in(self.in_math, source);
        let small = match text.as_str() {
            "TM" => Some("™".to_owned()),
            "SM" => Some("℠".to_owned()),
            _ => small(&text, sign),
        };
        self.out.push_str(&small.unwrap_or(text));
    }

    fn fraction(&mut self, source: &mut Source<'_>) {
        if self.out.ends_with(char::is_alphanumeric) {
            self.out.push(' ');
        }
        let (above, below) = (self.argument_in(self.in_math, source), self.argument_in(self.in_math, source));
        self.push_bracketed(&above, is_word(&above));
        self.out.push('/');
        self.push_bracketed(&below, is_word(&below));
    }

    fn root(&mut self, source: &mut Source<'_>) {
        let index = source.take_option(&mut self.lookahead).unwrap_or_default();
        let root = match index.trim() {
            "" | "2" => "√".to_owned(),
            "3" => "∛".to_owned(),
            "4" => "∜".to_owned(),
            other => small(other, b'^').unwrap_or_default() + "√",
        };
        self.out.push_str(&root);
        let text = self.argument_in(self.in_math, source);
        let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.');
        self.push_bracketed(&text, is_number || text.chars().nth(1).is_none());
    }

    fn push_bracketed(&mut self, text: &str, is_single: bool) {
        let (open, close) = if is_single { ("", "") } else { ("(", ")") };
        self.out.extend([open, text, close]);
    }
}

/// Whether a part of a formula is one word or number.
fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '.' || is_mark(c))
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}')
}

/// The number of a character, in a group or not: `65`, `"41`, `'101` or `` `A ``.
fn number(source: &mut Source<'_>) -> Option<u32> {
    let is_group = source.take_if("{");
    source.skip_spaces();
    let radix = match source.peek()? {
        b'"' => 16,
        b'\'' => 8,
        b'`' => 0,
        _ => 10,
    };
    if radix != 10 {
        source.take(1);
    }
    let number = if radix == 0 {
        source.take_if("\\");
        source.take_char().chars().next().map(u32::from)
    } else {
        let length = source.rest().bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
        u32::from_str_radix(source.take(length), radix).ok()
    };
    if is_group {
        source.take_if("}");
    } else {
        source.take_if(" ");
    }
    number
}

/// The combining marks of TeX's own fonts by their place.
#[rustfmt::skip]
static NUMBERED_MARKS: [(u32, &str); 12] = [
    (18, "\u{300}"), (19, "\u{301}"), (20, "\u{30c}"), (21, "\u{306}"), (22, "\u{304}"), (23, "\u{30a}"),
    (24, "\u{327}"), (94, "\u{302}"), (95, "\u{307}"), (125, "\u{30b}"), (126, "\u{303}"), (127, "\u{308}"),
];

/// The mark of a tone from 1, the lowest, to 5.
fn tone(number: char) -> char {
    let marks = "12345".chars().zip("˩˨˧˦˥".chars());
    marks.into_iter().find(|(known, _)| *known == number).map_or(number, |(_, mark)| mark)
}

/// Passes over a length such as `-.1em` or `1ex plus 2pt`.
fn skip_length(source: &mut Source<'_>) {
    loop {
        source.skip_spaces();
        let digits = source.rest().bytes().take_while(|byte| b"+-.,0123456789 ".contains(byte)).count();
        source.take(digits);
        let unit = source.rest().get(..2).filter(|unit| unit.bytes().all(|byte| byte.is_ascii_lowercase()));
        if digits > 0 && unit.is_some() {
            source.take(2);
        }
        source.skip_spaces();
        if !source.take_if("plus") && !source.take_if("minus") {
            return;
        }
    }
}
/// Sorted by name.
#[rustfmt::skip]
static COMMANDS: [(&str, Command); 306] = [
    ("Bbb", DoubleStruck), ("Big", Nothing), ("Bigg", Nothing), ("Biggl", Nothing), ("Biggm", Nothing),
    ("Biggr", Nothing), ("Bigl", Nothing), ("Bigm", Nothing), ("Bigr", Nothing), ("Cref", Drop(1)),
    ("EuScript", Math), ("Huge", Nothing), ("LARGE", Nothing), ("Large", Nothing), ("MakeLowercase", Lower),
    ("MakeTextLowercase", Lower), ("MakeTextUppercase", Upper), ("MakeUppercase", Upper), ("NoOpSort", Drop(1)),
    ("NoopSort", Drop(1)), ("Noopsort", Drop(1)), ("SortNoop", Drop(1)), ("Uchar", Character),
    ("accent", NumberedAccent), ("addtocounter", Drop(2)), ("addtolength", Drop(2)), ("allowbreak", Nothing),
    ("author", Inside), ("autocap", Inside), ("autocite", Drop(1)), ("autoref", Drop(1)), ("begin", Begin),
    ("begingroup", Nothing), ("bf", Nothing), ("bfseries", Nothing), ("bgroup", Nothing), ("bibinfo", After(1)),
    ("bibliographystyle", Drop(1)), ("big", Nothing), ("bigg", Nothing), ("biggl", Nothing), ("biggr", Nothing),
    ("bigl", Nothing), ("bigm", Nothing), ("bigr", Nothing), ("bigskip", Nothing), ("binom", Binomial), ("bm", Math),
    ("boldmath", Nothing), ("boldsymbol", Math), ("brackettext", Between("[", "]")), ("break", Nothing),
    ("cal", Nothing), ("centering", Nothing), ("cfrac", Fraction), ("char", Character), ("cite", Drop(1)),
    ("citealp", Drop(1)), ("citealt", Drop(1)), ("citeauthor", Drop(1)), ("citep", Drop(1)), ("citet", Drop(1)),
    ("citeyear", Drop(1)), ("citeyearpar", Drop(1)), ("clearpage", Nothing), ("color", Drop(1)),
    ("colorbox", After(1)), ("cref", Drop(1)), ("cyr", Nothing), ("cyracc", Nothing), ("cyrchar", Nothing),
    ("date", Inside), ("dbinom", Binomial), ("dfrac", Fraction), ("ding", Ding), ("discretionary", After(2)),
    ("displaystyle", Nothing), ("doi", Address), ("egroup", Nothing), ("em", Nothing), ("emph", Inside),
    ("end", Drop(1)), ("endgroup", Nothing), ("enquote", Quote), ("ensuremath", Math), ("eqref", Drop(1)),
    ("fbox", Text), ("fcolorbox", After(2)), ("fontencoding", Drop(1)), ("fontfamily", Drop(1)),
    ("fontseries", Drop(1)), ("fontshape", Drop(1)), ("fontsize", Drop(2)), ("footcite", Drop(1)),
    ("footnote", Drop(1)), ("footnotemark", Nothing), ("footnotesize", Nothing), ("footnotetext", Drop(1)),
    ("foreignlanguage", After(1)), ("frac", Fraction), ("frak", Nothing), ("framebox", After(0)),
    ("fullcite", Drop(1)), ("germ", Nothing), ("hbox", Text), ("hfil", Nothing), ("hglue", Length),
    ("hline", Nothing), ("hphantom", Drop(1)), ("href", After(1)), ("hskip", Length), ("hspace", Drop(1)),
    ("huge", Nothing), ("hyperlink", After(1)), ("hyperref", After(0)), ("hypertarget", After(1)),
    ("ignorespaces", Nothing), ("includegraphics", Drop(1)), ("indent", Nothing), ("index", Drop(1)),
    ("input", Drop(1)), ("intertext", Text), ("isdot", Nothing), ("it", Nothing), ("itshape", Nothing),
    ("kern", Length), ("label", Drop(1)), ("large", Nothing), ("leavevmode", Nothing), ("left", Nothing),
    ("limits", Nothing), ("linespread", Drop(1)), ("lower", Length), ("lowercase", Lower), ("makebox", After(0)),
    ("maketitle", Nothing), ("marginpar", Drop(1)), ("mathbb", DoubleStruck), ("mathbbm", DoubleStruck),
    ("mathbbmss", DoubleStruck), ("mathbf", Math), ("mathbin", Math), ("mathcal", Math), ("mathds", DoubleStruck),
    ("mathfrak", Math), ("mathit", Math), ("mathnormal", Math), ("mathop", Math), ("mathord", Math),
    ("mathrel", Math), ("mathrm", Math), ("mathscr", Math), ("mathsf", Math), ("mathstrut", Nothing),
    ("mathtt", Math), ("mbox", Text), ("mdseries", Nothing), ("medskip", Nothing), ("middle", Nothing),
    ("mit", Nothing), ("mkbibbold", Inside), ("mkbibbrackets", Between("[", "]")), ("mkbibemph", Inside),
    ("mkbibitalic", Inside), ("mkbibparens", Between("(", ")")), ("mkbibquote", Quote),
    ("mkbibsubscript", Script(b'_', false)), ("mkbibsuperscript", Script(b'^', false)), ("mkern", Length),
    ("moveleft", Length), ("moveright", Length), ("mskip", Length), ("negthinspace", Nothing), ("newpage", Nothing),
    ("nicefrac", Fraction), ("nobibliography", Drop(1)), ("nobreak", Nothing), ("nobreakdash", Nothing),
    ("nocite", Drop(1)), ("noindent", Nothing), ("nolimits", Nothing), ("nolinkurl", Address), ("nonumber", Nothing),
    ("noop", Drop(1)), ("noopSort", Drop(1)), ("noopsort", Drop(1)), ("normalfont", Nothing), ("normalsize", Nothing),
    ("not", Not), ("notag", Nothing), ("null", Nothing), ("operatorname", Operator),
    ("operatornamewithlimits", Operator), ("otherlanguage", After(1)), ("overbrace", Inside), ("overset", After(1)),
    ("pagebreak", Nothing), ("pageref", Drop(1)), ("pagestyle", Drop(1)), ("parbox", After(1)),
    ("parencite", Drop(1)), ("parentext", Between("(", ")")), ("path", Address), ("phantom", Drop(1)),
    ("phantomsection", Nothing), ("pmb", Math), ("pmod", Between(" (mod ", ")")), ("protect", Nothing),
    ("raggedright", Nothing), ("raise", Length), ("raisebox", After(1)), ("ref", Drop(1)), ("relax", Nothing),
    ("resizebox", After(2)), ("right", Nothing), ("rm", Nothing), ("rmfamily", Nothing), ("rotatebox", After(1)),
    ("sb", Script(b'_', true)), ("sc", Nothing), ("scalebox", After(1)), ("scriptscriptstyle", Nothing),
    ("scriptsize", Nothing), ("scriptstyle", Nothing), ("scshape", Nothing), ("selectfont", Nothing),
    ("selectlanguage", Drop(1)), ("setcounter", Drop(2)), ("setlength", Drop(2)), ("sf", Nothing),
    ("sffamily", Nothing), ("sfrac", Fraction), ("sl", Nothing), ("sloppy", Nothing), ("slshape", Nothing),
    ("sltt", Nothing), ("small", Nothing), ("smallskip", Nothing), ("smash", Inside), ("sortnoop", Drop(1)),
    ("sp", Script(b'^', true)), ("sqrt", Root), ("stackrel", After(1)), ("string", Nothing), ("strut", Nothing),
    ("substack", Math), ("symbb", DoubleStruck), ("symbf", Math), ("symbol", Character), ("symcal", Math),
    ("symit", Math), ("symrm", Math), ("symsf", Math), ("tag", Drop(1)), ("tbinom", Binomial),
    ("texorpdfstring", First), ("text", Text), ("textbf", Inside), ("textbfit", Inside), ("textcite", Drop(1)),
    ("textcolor", After(1)), ("textcompwordmark", Nothing), ("textfrac", Fraction), ("textit", Inside),
    ("textlang", After(1)), ("textmd", Inside), ("textnormal", Inside), ("textquote", Quote), ("textrm", Text),
    ("textsc", Inside), ("textsf", Inside), ("textsl", Inside), ("textstyle", Nothing),
    ("textsubscript", Script(b'_', false)), ("textsuperscript", Script(b'^', false)), ("texttt", Inside),
    ("textup", Inside), ("tfrac", Fraction), ("thanks", Drop(1)), ("thispagestyle", Drop(1)), ("tiny", Nothing),
    ("title", Inside), ("todo", Drop(1)), ("tone", Tone), ("tt", Nothing), ("ttfamily", Nothing), ("uline", Inside),
    ("unboldmath", Nothing), ("underbrace", Inside), ("underline", Inside), ("underset", After(1)),
    ("unichar", Character), ("unskip", Nothing), ("up", Script(b'^', false)), ("uppercase", Upper),
    ("upshape", Nothing), ("url", Address), ("usefont", Drop(4)), ("vbox", Text), ("verb", Verbatim),
    ("vfill", Nothing), ("vglue", Length), ("vphantom", Drop(1)), ("vskip", Length), ("vspace", Drop(1)),
    ("xspace", Nothing),
];

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn commands_are_sorted_and_no_symbols() {
        assert!(COMMANDS.is_sorted_by(|a, b| a.0 < b.0));
        for (name, _) in COMMANDS {
            assert!(accent(name).is_none() && operator(name).is_none(), "{name}");
        }
    }
}
