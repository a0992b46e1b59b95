//! What registries said about the images of a stack, as findings beside those of the rules.

use std::collections::BTreeMap;

use super::{Told, written_images};
use crate::{
    api::{ImageAnswer, ImageState},
    check::known_code,
    compose::{ImageReference, Place},
    finding::{Basis, Finding},
    stack::{Edit, Stack},
};

/// The platforms that hosts usually have.
const USUAL: [&str; 2] = ["linux/amd64", "linux/arm64"];

/// Each finding is at its image, in the order of the text. `known` holds the answers by the text of the image; an image without
/// an answer has no finding.
pub fn findings(stack: &Stack, known: &BTreeMap<String, ImageAnswer>) -> Vec<Finding> {
    let mut all = Vec::new();
    for (service, image, place) in written_images(stack) {
        let Some(answer) = known.get(&image.text) else { continue };
        let placed = |told: Told| placed(told, stack.text(), place).of_service(&service.name);
        if answer.state == ImageState::Missing {
            all.push(placed(Told::not_found(image)));
        }
        all.extend(
            missing_platforms(answer).map(|platform| placed(Told::not_for_every_host(image, platform))),
        );
        if let Some(newer) = &answer.newer_tag {
            all.push(with_fix(placed(Told::newer_tag(image, newer)), &service.name, image, newer));
        }
    }
    all
}

/// Those of [`USUAL`] that the image is not there for; none if the registry does not tell.
fn missing_platforms(answer: &ImageAnswer) -> impl Iterator<Item = &'static str> {
    let platforms = answer.facts.as_ref().map(|facts| facts.platforms.as_slice()).unwrap_or_default();
    let has = move |wanted: &str| {
        // `linux/arm64/v8` is a version for `linux/arm64`.
        platforms.iter().any(|platform| {
            platform.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    USUAL.into_iter().filter(move |wanted| !platforms.is_empty() && !has(wanted))
}

fn placed(told: Told, text: &str, place: Place) -> Finding {
    let basis = known_code(told.code).map_or(Basis::Advice, |code| code.basis);
    Finding::new(told.code, (told.severity, basis), text, place, told.message)
}

fn with_fix(finding: Finding, service: &str, image: &ImageReference, newer: &str) -> Finding {
    let image = image.with_tag(newer).text;
    finding.with_fix(format!("Use `{image}`"), Edit::SetImage { service: service.to_owned(), image })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ImageDetails;

    const TEXT: &str =
        "services:\n  web:\n    image: nginx:1.27 # the front\n  db:\n    image: postgres:99\n";

    fn exists(platforms: &[&str], newer: Option<&str>) -> ImageAnswer {
        let platforms = platforms.iter().map(|platform| (*platform).to_owned()).collect();
        ImageAnswer {
            state: ImageState::Exists,
            facts: Some(ImageDetails { platforms, ..ImageDetails::default() }),
            newer_tag: newer.map(str::to_owned),
        }
    }

    fn without_facts(state: ImageState) -> ImageAnswer {
        ImageAnswer { state, facts: None, newer_tag: None }
    }

    fn found(text: &str, known: &[(&str, ImageAnswer)]) -> Vec<Finding> {
        let known = known.iter().map(|(image, answer)| ((*image).to_owned(), answer.clone())).collect();
        findings(&Stack::read(text), &known)
    }

    #[test]
    fn an_image_that_certainly_does_not_exist_is_an_error_at_its_value() {
        let all = found(TEXT, &[("postgres:99", without_facts(ImageState::Missing))]);
        let [finding] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((finding.code.as_str(), finding.service.as_deref()), ("image-not-found", Some("db")));
        assert_eq!(&TEXT[finding.place.start..finding.place.end], "postgres:99");
        assert_eq!((finding.position.line, finding.basis), (5, Basis::Runtime));
    }

    #[test]
    fn what_is_not_certain_is_no_finding() {
        use ImageState::{NotChecked, NotReadable, RateLimited, Unreachable};
        for state in [NotReadable, Unreachable, RateLimited, NotChecked] {
            assert!(found(TEXT, &[("postgres:99", without_facts(state))]).is_empty(), "{state:?}");
        }
        assert!(found(TEXT, &[]).is_empty());
        assert!(found(TEXT, &[("nginx:1.27", exists(&[], None))]).is_empty(), "the registry does not tell");
    }

    #[test]
    fn a_platform_that_hosts_usually_have_and_the_image_has_not_is_a_hint() {
        let all = found(TEXT, &[("nginx:1.27", exists(&["linux/amd64", "linux/arm/v7"], None))]);
        let [finding] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(
            (finding.code.as_str(), finding.severity),
            ("image-no-platform", crate::check::Severity::Hint)
        );
        assert!(finding.message.contains("linux/arm64"), "{}", finding.message);
        assert!(found(TEXT, &[("nginx:1.27", exists(&["linux/amd64", "linux/arm64/v8"], None))]).is_empty());
    }

    #[test]
    fn the_newer_tag_is_an_edit_of_one_line() {
        let all = found(TEXT, &[("nginx:1.27", exists(&[], Some("1.29")))]);
        let fix = all[0].fix.clone().unwrap();
        let fixed = Stack::read(TEXT).apply(&fix.edit).unwrap();
        assert_eq!(fixed.text(), TEXT.replace("nginx:1.27", "nginx:1.29"));
        let answers = [("nginx:1.27", exists(&[], Some("1.29")))];
        assert!(found(fixed.text(), &answers).is_empty(), "the answer is about another image");
    }

    #[test]
    fn built_and_variable_images_are_not_asked_about() {
        let text = "services:\n  a:\n    build: .\n    image: acme/a:1\n  b:\n    image: nginx:${TAG:-1}\n  c:\n    image: Nginx\n  d:\n    image: nginx:1\n";
        let stack = Stack::read(text);
        let asked: Vec<_> = written_images(&stack).map(|(service, ..)| service.name.as_str()).collect();
        assert_eq!(asked, ["d"]);
    }
}
