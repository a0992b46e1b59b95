//! Services that are built, and whose image has a name.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    finding::Severity,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("build-and-image").strict()], look };

fn look(input: &mut CheckInput<'_>) {
    for (service, body) in input.services() {
        let Some(image) = service.image.as_ref().filter(|_| service.build.is_some()) else { continue };
        // With it, the author has said which of the two comes first.
        if body.get("pull_policy").is_some() {
            continue;
        }
        let message = format!(
            "`{}` has both `build` and `image`: the image is pulled if it exists, and otherwise built and given this name. Remove \
             one of them, or say which with `pull_policy: build`.",
            service.name
        );
        let finding = input.finding("build-and-image", Severity::Hint, image.place, message);
        input.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    const CODE: &str = "build-and-image";

    #[test]
    fn two_origins_of_one_image_are_found() {
        let text = "services:\n  web:\n    build: .\n    image: shop/web:1\n";
        assert_eq!(marked(text, &one(text, CODE)), "shop/web:1");
    }

    #[test]
    fn one_origin_or_a_clear_order_is_fine() {
        none("services:\n  web:\n    build: .\n", CODE);
        none("services:\n  web:\n    image: a:1\n", CODE);
        none("services:\n  web:\n    build: .\n    image: a:1\n    pull_policy: build\n", CODE);
    }
}
