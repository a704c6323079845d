#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(coined_names(text), expected, "{text}");
}

#[test]
fn verbs_that_give_names() {
    check(
        "We introduce a new method, dubbed LiDAR-2D Self-paced Learning (LiSe). We argue that images help.",
        &["LiSe"],
    );
    check("This paper proposes a new RL framework, termed OREAL, to pursue the limit.", &["OREAL"]);
    check("We develop a heuristic approach called unbias experience replay (UER). UER learns.", &["UER"]);
    check(
        "We also propose a simple baseline called Prototypical Bayesian Continual Learning, which works.",
        &["Prototypical Bayesian Continual Learning"],
    );
    check("We propose a method named \"Chain of Names\" hmm.", &[]);
    check("We propose a method named \"Deep Names\", which is deep.", &["Deep Names"]);
    check("We train a small model, which we call Toolformer, on this data.", &["Toolformer"]);
    check("We call our approach FooBar.", &["FooBar"]);
    check("We refer to this benchmark as HardBench.", &["HardBench"]);
    check("Our framework is called SynthNet and it works.", &["SynthNet"]);
}

#[test]
fn verbs_that_present() {
    check("We present LeanAgent, a novel lifelong learning framework.", &["LeanAgent"]);
    check("To address these challenges, we develop Orca (We are working with our legal team).", &["Orca"]);
    check("We argue that this is too slow and propose HyperCRL, a method.", &["HyperCRL"]);
    check("Here, we introduce Tutor CoPilot, a novel Human-AI approach.", &["Tutor CoPilot"]);
    check("We introduce Fine-Grained RLHF, a framework that enables training.", &["Fine-Grained RLHF"]);
    check("This thesis presents FairLay-ML, a proof-of-concept GUI.", &["FairLay-ML"]);
    check("Thus, we propose ARTE, dubbed Aligning TeacheR with StudenT PreferencEs, a framework.", &["ARTE"]);
    check("We introduce the NEVIS benchmark.", &["NEVIS"]);
    check("We introduce a new benchmark, HumanEval, for code.", &["HumanEval"]);
    check("We release a dataset: FooSet.", &["FooSet"]);
    check("The proposed FooNet outperforms all.", &["FooNet"]);
    check("We introduce PointNet++, which learns features.", &["PointNet++"]);
    check("We present Qwen2.5-Math and more.", &["Qwen2.5-Math"]);
}

#[test]
fn names_are_not_cut_at_marks_within_them() {
    check("We introduce D(R,O) Grasp, a novel framework for dexterous hands.", &["D(R,O) Grasp"]);
    check("We present R&D-Agent, a framework that evolves.", &["R&D-Agent"]);
    check("We propose Mix-&-Match, which learns.", &["Mix-&-Match"]);
    check("We introduce SE(3)-Transformers, a variant of attention.", &["SE(3)-Transformers"]);
    check("We present SE(3)-DiffusionFields, a method to learn costs.", &["SE(3)-DiffusionFields"]);
    check("We introduce PromptNet=1 for tests, dubbed FooNet(s) in short.", &["FooNet"]);
    check("We propose a method, dubbed Mix(a, b), and one called Q&(A)Net.", &[]);
    check("We propose Orca(s), which grow. We present Foo(bar)Net, a model.", &["Orca"]);
}

#[test]
fn acronyms_of_components_are_no_names() {
    check("We present Dual Attention Module (DAM) and a Focal Contrastive Loss (FoCL), which help.", &[]);
    check("We introduce a novel Gated Fusion Mechanism (GFM).", &[]);
    check("We propose a Sparse Memory Layer (SML) for transformers.", &[]);
}

#[test]
fn acronyms_behind_their_long_form() {
    check("We introduce Visually Descriptive Language Model (VDLM) for reasoning.", &["VDLM"]);
    check("we introduce the Never-Ending VIsual-classification Stream (NEVIS'22), a benchmark", &["NEVIS'22"]);
    check("We introduce the Active Skill-level Data Aggregation (ASkDAgger) framework.", &["ASkDAgger"]);
    check("we introduce emulated fine-tuning (EFT), a principled method", &["EFT"]);
    check("we propose the dichotomy of control (DoC), a future-conditioned framework", &["DoC"]);
    check("we propose an innovative Competitive Multi-modal Distillation framework (CoMD), which", &["CoMD"]);
    check(
        "This paper presents a Psychology-based Unified Dynamic Framework for Curriculum Learning (PUDF), drawing",
        &["PUDF"],
    );
    check("We propose Flow of Reasoning (FoR) -- an efficient approach.", &["FoR"]);
    check("Our approach, Warm-start RL (WSRL), mitigates this.", &["WSRL"]);
    check("Our model, Toolformer, is small.", &["Toolformer"]);
}

#[test]
fn works_that_everybody_uses_are_named_by_their_own_abstract() {
    check("We introduce a new language representation model called BERT, which stands for more.", &["BERT"]);
    check(
        "We show that a version of it, which we call CLIP, works. We introduce ImageNet, a database.",
        &["CLIP", "ImageNet"],
    );
}

#[test]
fn the_vocabulary_of_the_field_is_no_name() {
    for text in [
        "Reinforcement learning (RL) promises to expand language models.",
        "Large Language Models (LLMs) have been successful. We present LLMs for proofs.",
        "We study supervised fine-tuning (SFT) and propose SFT for all.",
        "We present a bag of tricks framework for few-shot class-incremental learning (FSCIL), which is hard.",
        "We develop a reward model (RM) by sampling.",
        "We propose a GRPO-based approach and GPT-4 experiments.",
        "We propose Bayesian methods for Gaussian processes.",
        "We propose CLIP for retrieval, the proposed BERT model and our ViT model.",
        "These are called RNNs and are commonly called Elman networks.",
        "We propose to use recurrent neural network (RNN) based hypernetworks.",
        "A method known as Dataset Distillation (DD) exists.",
        "In this work, we present a solution. Experiments are presented.",
        "We call this the concept space, termed dynamics reward.",
        "We evaluate on Big-Bench Hard (BBH) with our GPU.",
        "We introduce a Pseudo-Features Generator (PFG) module that estimates.",
        "We introduce the integration of clipping loss.",
        "We present Transformers that learn.",
        "We propose the use of CNN-LSTM for this. We introduce Chinese to the model.",
        "",
    ] {
        check(text, &[]);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,200}") {
        coined_names(&text);
    }

    #[test]
    fn any_mixture_of_triggers_is_read_without_panic(
        words in proptest::collection::vec(prop_oneof![
            Just("We"), Just("we"), Just("propose"), Just("present"), Just("called"), Just("our"), Just("model"),
            Just(","), Just("(FoO)"), Just("\""), Just("a"), Just("novel"), Just("FooBar"), Just("Orca"), Just("as"),
            Just("refer"), Just("call"), Just("é"), Just("."), Just("framework"), Just("proposed"), Just("the"),
        ], 0..30),
    ) {
        for name in coined_names(&words.join(" ")) {
            prop_assert!(name.chars().count() <= LONGEST_NAME);
        }
    }
}
