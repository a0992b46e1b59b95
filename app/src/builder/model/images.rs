//! What registries have said about images since the builder was opened: what is still to be asked, and how answers are shown.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    api::{ImageAnswer, ImageState},
    check::Finding,
    images,
    stack::Stack,
};

/// Images in one question; the server takes no more.
const AT_ONCE: usize = 20;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// By the text of the image.
    known: BTreeMap<String, ImageAnswer>,
    /// Being asked about.
    open: BTreeSet<String>,
    /// The server asks no registry, so nothing is asked any more.
    is_off: bool,
}

impl Answers {
    /// The images of the stack that nobody has asked about yet, each once.
    pub fn to_ask(&self, stack: &Stack) -> Vec<String> {
        if self.is_off {
            return Vec::new();
        }
        let texts: BTreeSet<&String> =
            images::written_images(stack).map(|(_, image, _)| &image.text).collect();
        let is_new = |text: &&String| !self.known.contains_key(*text) && !self.open.contains(*text);
        texts.into_iter().filter(is_new).take(AT_ONCE).cloned().collect()
    }

    pub fn begin(&mut self, asked: &[String]) {
        self.open.extend(asked.iter().cloned());
    }

    /// `None`: registries are switched off.
    pub fn take(&mut self, asked: Vec<String>, answers: Option<Vec<ImageAnswer>>) {
        self.end(&asked);
        match answers {
            Some(answers) => self.known.extend(asked.into_iter().zip(answers)),
            None => self.is_off = true,
        }
    }

    /// The question did not reach the server. It is asked again with the next change of the text.
    pub fn end(&mut self, asked: &[String]) {
        self.open.retain(|text| !asked.contains(text));
    }

    /// So that it is asked about again.
    pub fn forget(&mut self, image: &str) {
        self.known.remove(image);
    }

    pub fn of(&self, image: &str) -> Option<&ImageAnswer> {
        self.known.get(image)
    }

    pub fn findings(&self, stack: &Stack) -> Vec<Finding> {
        images::findings(stack, &self.known)
    }
}

/// Why nothing is shown about an image. Empty for one that exists.
pub fn reason(state: ImageState) -> &'static str {
    match state {
        ImageState::Exists => "",
        ImageState::Missing => "This tag does not exist in its registry.",
        ImageState::NotReadable => {
            "Its registry shows no such image. The name may be wrong, or the image is private."
        }
        ImageState::Unreachable => "Its registry did not answer, so nothing is known about the image.",
        ImageState::RateLimited => {
            "Its registry takes no more questions for a while, so nothing is known about the image."
        }
        ImageState::NotChecked => "Its registry gave no answer that can be used.",
    }
}

/// Whether asking again may give another answer.
pub fn may_pass(state: ImageState) -> bool {
    matches!(state, ImageState::Unreachable | ImageState::RateLimited)
}

/// `5.2 MB`, `57 MB`, `1.2 GB`
pub fn size(bytes: u64) -> String {
    let in_unit = |unit: u64, word: &str| {
        let tenths = bytes / (unit / 10);
        if tenths < 100 {
            format!("{}.{} {word}", tenths / 10, tenths % 10)
        } else {
            format!("{} {word}", tenths / 10)
        }
    };
    if bytes < 1_000_000_000 { in_unit(1_000_000, "MB") } else { in_unit(1_000_000_000, "GB") }
}

/// `amd64, arm64, arm/v7`: nearly all images are for Linux, so only other systems are named.
pub fn platforms(platforms: &[String]) -> String {
    let short = platforms.iter().map(|platform| platform.strip_prefix("linux/").unwrap_or(platform));
    short.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(images: &[&str]) -> Stack {
        let services = images.iter().enumerate().map(|(at, image)| format!("  s{at}:\n    image: {image}\n"));
        Stack::read(&format!("services:\n{}", services.collect::<String>()))
    }

    fn missing() -> ImageAnswer {
        ImageAnswer { state: ImageState::Missing, facts: None, newer_tag: None }
    }

    #[test]
    fn each_image_is_asked_about_once() {
        let mut answers = Answers::default();
        let two = stack(&["nginx:1", "redis:7", "nginx:1", "app:${TAG}"]);
        let asked = answers.to_ask(&two);
        assert_eq!(asked, ["nginx:1", "redis:7"]);
        answers.begin(&asked);
        assert!(answers.to_ask(&two).is_empty(), "while the answer is on its way");
        answers.take(asked, Some(vec![missing(), missing()]));
        assert!(answers.to_ask(&two).is_empty());
        assert_eq!(answers.to_ask(&stack(&["nginx:1", "nginx:2"])), ["nginx:2"]);
        answers.forget("redis:7");
        assert_eq!(answers.to_ask(&two), ["redis:7"]);
    }

    #[test]
    fn a_large_stack_is_asked_about_in_parts() {
        let mut answers = Answers::default();
        let names: Vec<String> = (0..30).map(|number| format!("app:{number}")).collect();
        let large = stack(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let first = answers.to_ask(&large);
        answers.take(first.clone(), Some(vec![missing(); first.len()]));
        assert_eq!((first.len(), answers.to_ask(&large).len()), (20, 10));
    }

    #[test]
    fn a_question_that_did_not_arrive_is_asked_again() {
        let mut answers = Answers::default();
        let asked = answers.to_ask(&stack(&["nginx:1"]));
        answers.begin(&asked);
        answers.end(&asked);
        assert_eq!(answers.to_ask(&stack(&["nginx:1"])), ["nginx:1"]);
    }

    #[test]
    fn one_answer_switches_asking_off() {
        let mut answers = Answers::default();
        answers.take(vec!["nginx:1".to_owned()], None);
        assert!(answers.to_ask(&stack(&["nginx:1", "redis:7"])).is_empty());
    }

    #[test]
    fn findings_are_about_the_text_as_it_is_now() {
        let mut answers = Answers::default();
        answers.take(vec!["nginx:9".to_owned()], Some(vec![missing()]));
        assert_eq!(answers.findings(&stack(&["redis:7", "nginx:9"]))[0].code, "image-not-found");
        assert!(answers.findings(&stack(&["redis:7", "nginx:9.1"])).is_empty());
    }

    #[test]
    fn facts_are_short() {
        assert_eq!([size(0), size(450_000), size(5_249_999)], ["0.0 MB", "0.4 MB", "5.2 MB"]);
        assert_eq!([size(57_900_000), size(999_999_999), size(1_200_000_000)], ["57 MB", "999 MB", "1.2 GB"]);
        let of = |names: &[&str]| platforms(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["linux/amd64", "linux/arm/v7", "windows/amd64"]), "amd64, arm/v7, windows/amd64");
    }
}
