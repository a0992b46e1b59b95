//! The images of a stack, as registries are asked about them.
//!
//! - [`used_images`]: with the values of variables, on the server; [`written_images`]: as they are written, in the browser
//! - [`findings`]: what registries said, as findings of a stack; [`Told`]: one of them before it has a place

mod findings;
mod told;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use findings::findings;
pub use told::Told;

use crate::{
    cloud::Secret,
    compose::{ImageReference, Place, Service},
    deploy::Interpolation,
    stack::Stack,
};

/// The image that one service is started from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedImage {
    pub service: String,
    /// Of the image in the text.
    pub place: Place,
    /// `None`: a variable in it has no value here.
    pub image: Option<ImageReference>,
    /// The reference as it is written, with variables.
    pub written: String,
}

/// The images of all services, in the order of the text, with the values of variables filled in. Services that are built are
/// left out: their image exists only after the build.
pub fn used_images(stack: &Stack, values: &BTreeMap<String, String>) -> Vec<UsedImage> {
    let services = stack.model().services.iter().filter(|service| service.build.is_none());
    services
        .filter_map(|service| {
            let image = service.image.as_ref()?;
            Some(UsedImage {
                service: service.name.clone(),
                place: image.place,
                image: filled(&image.value.text, values),
                written: image.value.text.clone(),
            })
        })
        .collect()
}

/// The images that can be asked about without the values of variables: references that are valid and hold no variable, of
/// services that are not built.
pub fn written_images(stack: &Stack) -> impl Iterator<Item = (&Service, &ImageReference, Place)> {
    stack.model().services.iter().filter(|service| service.build.is_none()).filter_map(|service| {
        let image = service.image.as_ref()?;
        can_be_asked(&image.value).then_some((service, &image.value, image.place))
    })
}

pub fn can_be_asked(image: &ImageReference) -> bool {
    !image.text.contains('$') && image.problem().is_none()
}

fn filled(written: &str, values: &BTreeMap<String, String>) -> Option<ImageReference> {
    let mut interpolation = Interpolation::new(values);
    let text = interpolation.scalar(written);
    let complete = interpolation.unset.is_empty()
        && interpolation.required.is_empty()
        && interpolation.problems.is_empty();
    complete.then(|| ImageReference::read(&text))
}

/// The same image, pinned to a digest (`sha256:…`). The tag stays, because it tells people the version; the digest decides.
/// The result is a value for [`crate::stack::Edit::SetImage`].
pub fn pinned(image: &ImageReference, digest: &str) -> String {
    let tagged = image.text.split_once('@').map_or(image.text.as_str(), |(tagged, _)| tagged);
    format!("{tagged}@{digest}")
}

/// An image as the project form describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormImage {
    pub image: ImageReference,
    /// The name and the password of an account at Docker Hub.
    pub account: Option<(String, Secret)>,
}

impl FormImage {
    /// Reads `dockerhub_user`, `dockerhub_name`, `dockerhub_image` and `dockerhub_password`. `None` if there is no image.
    pub fn read(fields: &Map<String, Value>) -> Option<Self> {
        let text = |field: &str| fields.get(field).and_then(Value::as_str).unwrap_or_default();
        let image = crate::form::image(fields)?;
        let (user, password) = (text("dockerhub_user"), text("dockerhub_password"));
        let account =
            (!user.is_empty() && !password.is_empty()).then(|| (user.to_owned(), Secret::new(password)));
        Some(Self { image: ImageReference::read(&image), account })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn images(text: &str, values: &[(&str, &str)]) -> Vec<Option<String>> {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let used = used_images(&Stack::read(text), &values);
        used.into_iter().map(|used| Some(used.image?.text)).collect()
    }

    #[test]
    fn values_and_defaults_are_filled_in() {
        let text = "services:\n  web:\n    image: nginx:${TAG}\n  db:\n    image: ${DB:-postgres}:17\n";
        let found = images(text, &[("TAG", "1.27")]);
        assert_eq!(found, [Some("nginx:1.27".to_owned()), Some("postgres:17".to_owned())]);
    }

    #[rstest]
    #[case("nginx:${TAG}")]
    #[case("nginx:${TAG:?say which}")]
    #[case("nginx:${}")]
    fn an_image_whose_variables_have_no_value_is_not_known(#[case] image: &str) {
        assert_eq!(images(&format!("services:\n  web:\n    image: {image}\n"), &[]), [None]);
    }

    #[test]
    fn what_is_built_is_not_looked_up() {
        let text = "services:\n  web:\n    build: .\n  api:\n    build: .\n    image: acme/api\n";
        assert!(images(text, &[]).is_empty());
    }

    #[rstest]
    #[case("nginx:1.27", "nginx:1.27@")]
    #[case("ghcr.io/acme/shop", "ghcr.io/acme/shop@")]
    #[case("nginx:1@sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "nginx:1@")]
    fn a_pinned_image_keeps_its_tag(#[case] image: &str, #[case] expected: &str) {
        let pinned = pinned(&ImageReference::read(image), DIGEST);
        assert_eq!(pinned, format!("{expected}{DIGEST}"));
        assert_eq!(ImageReference::read(&pinned).problem(), None);
    }

    #[test]
    fn an_image_of_a_form_is_read_as_the_stack_reads_it() {
        let read = |fields: Value| FormImage::read(fields.as_object().unwrap());
        let image =
            read(json!({"dockerhub_user": "acme", "dockerhub_name": "nginx", "dockerhub_password": ""}));
        let image = image.unwrap();
        assert_eq!((image.image.text.as_str(), image.account), ("acme/nginx:latest", None));
        let private =
            json!({"dockerhub_user": "acme", "dockerhub_name": "shop:1", "dockerhub_password": "x"});
        let private = read(private).unwrap();
        assert_eq!(private.image.text, "acme/shop:1");
        assert_eq!(private.account, Some(("acme".to_owned(), Secret::new("x"))));
        assert_eq!(read(json!({"dockerhub_name": ""})), None);
    }
}
