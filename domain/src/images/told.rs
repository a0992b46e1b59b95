//! What a registry says about one image, in words: the same from the server and in the browser.

use crate::{compose::ImageReference, finding::Severity};

/// A finding that has no place yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
}

impl Told {
    /// The repository of the image can be read, and has no such tag or digest.
    pub fn not_found(image: &ImageReference) -> Self {
        let message = format!(
            "`{}` does not exist: its registry has the image, and not this version of it. Choose another tag.",
            image.text
        );
        Self { code: "image-not-found", severity: Severity::Error, message }
    }

    /// The image is not there for the platform on which the stack is to run.
    pub fn no_platform(image: &ImageReference, platform: &str) -> Self {
        let message = format!("`{}` has no version for {platform}, so it does not start there.", image.text);
        Self { code: "image-no-platform", severity: Severity::Warning, message }
    }

    /// The same as a hint, where it is not known on which platform the stack is to run.
    pub fn not_for_every_host(image: &ImageReference, platform: &str) -> Self {
        let message = format!(
            "`{}` has no version for {platform}, so it does not start on hosts of that kind.",
            image.text
        );
        Self { code: "image-no-platform", severity: Severity::Hint, message }
    }

    pub fn newer_tag(image: &ImageReference, newer: &str) -> Self {
        let message = format!("There is a newer version of `{}`: `{newer}`.", image.text);
        Self { code: "image-newer-tag", severity: Severity::Hint, message }
    }
}
