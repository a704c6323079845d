//! What tells a name from an ordinary word or a term of the field.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Whether a single word looks like a name: a capital, digit or joined capital inside, and no
/// common term or plural acronym.
pub(super) fn is_name_like(word: &str) -> bool {
    let length = word.chars().count();
    (2..=40).contains(&length) && !word.contains(char::is_whitespace) && has_name_shape(word) && !is_term(word)
}

/// Terms of the field that abstracts define in passing; compared without a plural `s`.
const TERMS: &str = "\
    2D 3D 4D 5G 6G AD AdS AGI AGN AI ANN API AR arXiv ASR AUC BCS BP CFT CI CL CLI CMB CNN CoT COVID-19 CPU \
    CT CV CVAE DeepMind DFT DL DM DNA DNN DP DRL ECG EEG EHR EM ERM EU FID FL FLOP FM FPS GAN GCN GitHub GLM \
    GMM GNN GP GPT GPT-2 GPT-3 GPT-3.5 GPT-4 GPT-4o GPT-4V GPU GRB GRU GUI HCI HMM HPC HTML ICL II IID III IL \
    IoT IR IV IX JavaScript JSON KD KG KL KNN kNN LDM LHC LiDAR LLM LM LMM LSTM LVLM MAE MARL MCMC MCTS MDP \
    MHA MIMO ML MLE MLLM MLM MLP MoE MPC MRI MSE MT MTL NAS NER NLG NLI NLP NLU NMR NMT NN OCR ODE OOD OpenAI \
    PCA PDE PDF PEFT PET PhD PINN PLM POMDP PRM PSNR PTM QA QCD QED QFT RAG RGB RGB-D RL RLHF RLVR RM RNA RNN \
    ROC SDE SFT SGD SLAM SLM SNN SOTA SoTA SQL SSIM SSL SSM STEM SUSY SVD SVM T2I T2V TPU TTS U.S UAV UI UK \
    UN URL US USA VAE VI VII VIII VLM VQA VR WER Wi-Fi XAI XML XR YouTube";

/// Whether the word is a common term rather than a name, in the singular or plural.
pub(super) fn is_term(word: &str) -> bool {
    static SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| TERMS.split(' ').collect());
    let terms = &*SET;
    let singular = word
        .strip_suffix('s')
        .filter(|singular| singular.ends_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()));
    // A capital acronym with a small s is a plural, and a work is not named in the plural of its kind.
    let is_plural_acronym = singular.is_some_and(|singular| {
        singular.len() >= 2
            && singular.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
    });
    let singular = word.strip_suffix('s').unwrap_or(word);
    // Joined terms, such as `CNN-LSTM`, are a term, too.
    let is_compound = word.contains(['-', '/']) && word.split(['-', '/']).all(|part| terms.contains(part));
    is_plural_acronym || is_compound || terms.contains(word) || terms.contains(singular)
}

/// Whether a word that looks like a name is not that of a work which everybody builds upon. Such a
/// name is believed only where the authors clearly give it: one work did.
pub(super) fn is_fresh_name(word: &str) -> bool {
    is_name_like(word) && !WELL_KNOWN.split(' ').any(|known| known == word)
}

/// Works that other works use by name.
const WELL_KNOWN: &str = "\
    BERT ChatGPT CLIP DDPM DPO DQN GELU GRPO ImageNet LLaMA LLaVA LoRA NeRF PPO PyTorch ReLU ResNet \
    TensorFlow U-Net UNet ViT";

/// Whether the word says what kind of work something is.
pub(super) fn is_kind(word: &str) -> bool {
    let word = word.rsplit('-').next().unwrap_or(word);
    matches!(
        word,
        "agent"
            | "agents"
            | "algorithm"
            | "approach"
            | "architecture"
            | "assistant"
            | "baseline"
            | "benchmark"
            | "code"
            | "collection"
            | "corpus"
            | "dataset"
            | "datasets"
            | "engine"
            | "environment"
            | "family"
            | "formalism"
            | "framework"
            | "interface"
            | "language"
            | "library"
            | "method"
            | "methodology"
            | "metric"
            | "model"
            | "models"
            | "network"
            | "optimizer"
            | "package"
            | "paradigm"
            | "pipeline"
            | "platform"
            | "procedure"
            | "program"
            | "protocol"
            | "scheme"
            | "simulator"
            | "software"
            | "solution"
            | "solver"
            | "strategy"
            | "suite"
            | "survey"
            | "system"
            | "task"
            | "technique"
            | "testbed"
            | "tool"
            | "toolbox"
            | "toolkit"
            | "variant"
    )
}

/// Whether the word says that something is a part of a work rather than the work.
pub(super) fn is_component(word: &str) -> bool {
    matches!(
        word,
        "block"
            | "component"
            | "function"
            | "head"
            | "layer"
            | "loss"
            | "losses"
            | "mechanism"
            | "module"
            | "modules"
            | "objective"
            | "operator"
            | "phase"
            | "regularization"
            | "stage"
            | "step"
            | "strategy"
            | "technique"
            | "term"
            | "token"
            | "unit"
    )
}

/// Whether a capitalised word is no name of a work wherever it stands.
pub(super) fn is_ordinary(word: &str) -> bool {
    static SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| ORDINARY.split(' ').collect());
    SET.contains(word)
}

/// Words that are written with a capital: openings of sentences, people, languages, months, places.
const ORDINARY: &str = "\
    The This These Those That There Then Thus They Their Here Hence However Moreover Further Furthermore \
    Finally Extensive Experiments Results Using Based Both Each Such Our With When While Where Which From For \
    And Bayesian Gaussian Markov Markovian Euclidean Hamiltonian Hermitian Hilbert Banach Boolean Cartesian \
    Fourier Laplacian Lagrangian Lipschitz Riemannian Wasserstein Boltzmann Newton Newtonian Einstein Monte \
    Carlo Langevin Poisson Bernoulli Dirichlet Turing Transformer English Chinese French German Spanish \
    Japanese Korean Arabic Hindi Russian Python Java Linux Android Internet Web Wikipedia Twitter Reddit \
    Google Microsoft Facebook Meta Amazon Appendix Section Theorem Lemma Table Figure Algorithm Part Phase \
    Stage Step January February March April May June July August September October November December American \
    European Asian African Indian Western Earth Sun Moon Mars Learning Reinforcement Deep Machine Neural \
    Language Models Model Artificial Intelligence Natural Processing Networks Network Large Data";

/// A capital after the first letter, or a digit beside a capital; and no lower-case word after a
/// hyphen (`GRPO-based`), which makes an adjective of any name.
fn has_name_shape(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let has_capital = word.chars().any(char::is_uppercase);
    let capital_inside = word.chars().skip(1).any(char::is_uppercase);
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    // What stands in brackets belongs to a name where it is joined to it.
    let (before, bracketed) = word.split_once('(').unwrap_or((word, ""));
    let is_allowed = |text: &str, marks: &str| text.chars().all(|c| c.is_alphanumeric() || marks.contains(c));
    let allowed = is_allowed(before, "-'’.+&/_!*@") && !word.starts_with('(') && is_allowed(bracketed, "-,+)");
    let adjective =
        word.rsplit_once('-').is_some_and(|(_, last)| last.len() >= 3 && last.chars().all(char::is_lowercase));
    allowed && letters >= 2 && !adjective && (capital_inside || (has_digit && has_capital))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_terms() {
        for name in [
            "LiSe",
            "LeanAgent",
            "NEVIS'22",
            "VDLM",
            "B-STaR",
            "DT4IER",
            "Qwen2.5-Math",
            "PointNet++",
            "eXtended",
            "D(R,O)",
            "R&D-Agent",
        ] {
            assert!(is_name_like(name), "{name}");
        }
        for word in [
            "LLM",
            "LLMs",
            "RL",
            "SFT",
            "GRPO-based",
            "Orca",
            "method",
            "2023",
            "GANs",
            "FMs",
            "3D",
            "",
            "(",
            "(AB)",
            "A",
            "A,B",
        ] {
            assert!(!is_name_like(word), "{word}");
        }
    }
}
