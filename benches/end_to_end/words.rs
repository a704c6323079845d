//! The words that the papers are made of, and the dice that choose them.

/// A small generator of random numbers with a seed: the same rolls in every run.
pub struct Dice(u64);

impl Dice {
    /// Dice of their own for a number and a purpose, so that no paper depends on how others were made.
    pub fn of(number: u64, purpose: u64) -> Dice {
        Dice(mixed(number ^ mixed(purpose ^ SEED)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }

    /// A number below `sides`, or 0 where that is 0.
    pub fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % (sides.max(1) as u64)).unwrap_or(0)
    }

    /// True in `percent` of a hundred rolls.
    pub fn happens(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    /// One of some things.
    pub fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices.get(self.roll(choices.len())).copied().unwrap_or_default()
    }

    /// A rank below `count`; each is as likely as those from it to its double together, over again: the law that words
    /// of a language follow.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and `count`")]
    fn rank(&mut self, count: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((count as f64).powf(share) as usize).saturating_sub(1).min(count.saturating_sub(1))
    }
}

/// What makes these papers these papers.
const SEED: u64 = 0x1B1D_2306_0270_7000;

fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// The most frequent words of titles, the most frequent ones first.
const COMMON: &str = "learning models quantum analysis model networks data neural systems theory deep dynamics field \
    graph detection optimization algorithm language magnetic matter network estimation galaxies generalized high \
    information multi energy dark structure image spin distributed adaptive linear control non-linear equations \
    transport stochastic phase time random large efficient robust method state approach framework evaluation \
    generation prediction inference groups problem spaces functions topological classification reinforcement \
    recognition representation states waves symmetry self low black holes scattering lattice mass formation \
    simulation properties stars boundary evolution light optical codes search space sparse measurement decay \
    segmentation bounds gravity geometry scale transfer policy training operators temperature cosmological finite \
    fast local attention video spectral sampling coupling surface flow beyond noise electron multi-agent \
    reconstruction features process planning transition gauge processes critical mechanics density agents scalable \
    causal transformer diffusion decomposition regression embedding fields interaction polynomial prompt alignment \
    reasoning retrieval federated contrastive privacy supervised unsupervised hierarchical semantic object speech \
    translation question answering knowledge distillation memory continual curriculum benchmark survey dataset \
    uncertainty bayesian kernel convex gradient variational generative adversarial convolutional recurrent residual \
    multimodal visual robot navigation manipulation embodied clinical medical protein molecular cell neutrino \
    gamma-ray supernova radio x-ray infrared spectroscopy superconductivity entanglement photon cavity laser plasma \
    turbulence fluid elastic crystal graphene monolayer semiconductor interface disorder localization chaos soliton \
    manifold curvature cohomology algebra module category conjecture prime modular elliptic arithmetic combinatorial \
    matroid coloring tree random-walk percolation martingale ergodic";

/// What stands between the other words.
const SMALL: &[&str] = &["of", "in", "for", "and", "with", "the", "on", "from", "via", "to", "by", "a", "under"];

/// How many words titles are made of.
const TITLE_WORDS: usize = 90_000;

/// How many more words abstracts are made of; no title has them.
const ABSTRACT_WORDS: usize = 60_000;

/// The stems, each of a consonant or two, a vowel and a consonant.
const BEGINNINGS: &[&str] = &[
    "ab", "al", "bran", "car", "chel", "clom", "con", "dar", "del", "dim", "en", "fab", "fel", "flor", "gal", "gren",
    "hal", "im", "jov", "kar", "lam", "lin", "mag", "mel", "mor", "nal", "nor", "ob", "pal", "per", "plen", "pro",
    "quil", "ral", "rem", "sal", "sig", "sten", "sub", "tal", "ter", "trans", "tur", "un", "val", "ver", "vol", "zan",
];
const MIDDLES: &[&str] = &[
    "a", "abi", "aco", "ade", "ali", "ama", "ani", "ara", "ate", "avo", "e", "ebi", "ele", "eno", "era", "eta", "i",
    "ibo", "ila", "imo", "ine", "iri", "ite", "o", "obe", "oga", "oli", "ono", "ora", "ota", "u", "uba", "ule", "umi",
    "ura",
];
const TITLE_ENDINGS: &[&str] = &[
    "bility", "cence", "ding", "dology", "fication", "gent", "ging", "lation", "lence", "ling", "lity", "metric",
    "metry", "ning", "nomic", "phic", "ring", "rization", "rsion", "scopic", "sition", "sing", "tance", "tational",
    "tic", "ting", "tion", "tive", "vant", "zation",
];
const ABSTRACT_ENDINGS: &[&str] =
    &["bloid", "doxal", "groid", "kloid", "mploid", "nkward", "ptoid", "rvoid", "stoid", "xward"];

fn of_rank(rank: usize, purpose: u64, endings: &[&'static str]) -> String {
    let mut dice = Dice::of(rank as u64, purpose);
    let (beginning, middle, ending) = (dice.pick(BEGINNINGS), dice.pick(MIDDLES), dice.pick(endings));
    format!("{beginning}{middle}{ending}")
}

/// The words to choose from.
pub struct Vocabulary {
    title: Vec<String>,
    abstracts: Vec<String>,
}

impl Vocabulary {
    pub fn new() -> Vocabulary {
        let common: Vec<&str> = COMMON.split_whitespace().collect();
        let title = (0..TITLE_WORDS).map(|rank| match common.get(rank) {
            Some(word) => (*word).to_owned(),
            None => of_rank(rank, 1, TITLE_ENDINGS),
        });
        let abstracts = (0..ABSTRACT_WORDS).map(|rank| of_rank(rank, 2, ABSTRACT_ENDINGS));
        Vocabulary { title: title.collect(), abstracts: abstracts.collect() }
    }

    /// A word that titles and abstracts have.
    pub fn word(&self, dice: &mut Dice) -> &str {
        self.title.get(dice.rank(self.title.len())).map_or("", String::as_str)
    }

    /// The words that only abstracts have, the most frequent ones first.
    pub fn abstract_words(&self) -> &[String] {
        &self.abstracts
    }

    /// A word that only abstracts have.
    pub fn abstract_word(&self, dice: &mut Dice) -> &str {
        self.abstracts.get(dice.rank(self.abstracts.len())).map_or("", String::as_str)
    }
}

/// A word such as "of".
pub fn small_word(dice: &mut Dice) -> &'static str {
    dice.pick(SMALL)
}

/// The word with a capital.
pub fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Without `q`: a name with one is no paper's.
const CONSONANTS: &[u8; 19] = b"bcdfghjklmnprstvwxz";
const VOWELS: &[u8; 6] = b"aeiouy";

/// The name of seven letters that belongs to this number and, among the first 28 million, to no other.
pub fn own_name(number: u64) -> String {
    const NAMES: u64 = 19 * 19 * 19 * 19 * 6 * 6 * 6;
    // The factor has no divisor in common with the number of names, so that every one is taken once.
    let scattered = number.wrapping_mul(15_485_863).wrapping_add(7_654_321) % NAMES;
    letters(scattered, 7)
}

/// One of the names of so many letters, which many papers may share.
pub fn shared_name(dice: &mut Dice, length: usize) -> String {
    letters(dice.next() >> 20, length)
}

/// Consonants and vowels in turn.
fn letters(mut number: u64, length: usize) -> String {
    let mut name = String::with_capacity(length);
    for at in 0..length {
        let choices: &[u8] = if at % 2 == 0 { CONSONANTS } else { VOWELS };
        let count = choices.len() as u64;
        let letter = usize::try_from(number % count).ok().and_then(|at| choices.get(at)).copied().unwrap_or(b'a');
        name.push(char::from(letter));
        number /= count;
    }
    capitalized(&name)
}
