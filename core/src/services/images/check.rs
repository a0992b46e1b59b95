//! Checks the images of a project: whether they exist, for which platforms, and whether there are newer ones.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    access::{Action, Caller, ProjectRole},
    api::{CheckImages, ImageCheck, ImageFinding, ImageState, ServiceImage},
    cloud::Secret,
    compose::{ImageReference, Position},
    images::{Told, UsedImage},
};

use super::{
    ImageError, Images, allow,
    credentials::OpenedCredentials,
    look_up::{Looked, ReadImages, Wanted, details, look_up, state_of},
};
use crate::{
    connectors::registry::{ImageFacts, LookUpError},
    db::projects,
    services::projects::{Vault, texts},
};

const PATIENCE: Duration = Duration::from_secs(10);

/// Where a stack is to run.
struct Platform {
    os: String,
    architecture: String,
}

impl Images {
    /// Asks the registries about all images of a project, for 10 s at most. Credentials for the project are used, each for
    /// its own registry; therefore the caller must be at least an operator of the project.
    pub async fn check(
        &self,
        caller: &Caller,
        project_id: i32,
        body: &CheckImages,
    ) -> Result<ImageCheck, ImageError> {
        allow(caller, Action::Read)?;
        let platform = body.platform.as_deref().map(Platform::read).transpose()?;
        let project = projects::find_to_deploy(&self.core.pool, project_id, &caller.user_id)
            .await?
            .ok_or(ImageError::NotFound("project"))?;
        project.role.require(ProjectRole::Operator)?;
        let values = match project.values_sealed.as_deref() {
            Some(sealed) => {
                let vault = Vault::open(&self.core.keyring, project_id, Some(sealed))?;
                texts(&project.values, &vault).map(|(name, text)| (name, Secret::from(text))).collect()
            }
            None => BTreeMap::new(),
        };
        let read = ReadImages::of(project.compose, values).await?;
        let credentials =
            OpenedCredentials::of_project(&self.core, &project.owner, project_id, &caller.user_id).await?;
        let images = read.distinct();
        let found = look_up(&self.core, &credentials, images, Wanted::NewerTags, PATIENCE).await;
        let mut check = ImageCheck::default();
        for (used, position) in read.placed() {
            let looked = used.image.as_ref().and_then(|image| found.get(&image.text));
            check.findings.extend(findings(used, position, looked, platform.as_ref()));
            check.services.push(described(used, position, looked));
        }
        Ok(check)
    }
}

impl Platform {
    fn read(text: &str) -> Result<Self, ImageError> {
        let (os, architecture) = text.trim().split_once('/').unwrap_or(("linux", text.trim()));
        let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let architecture = match architecture {
            "aarch64" => "arm64",
            "x86_64" => "amd64",
            other => other,
        };
        if !is_word(os) || !is_word(architecture) {
            return Err(ImageError::about("platform", "must be a platform such as `linux/arm64`"));
        }
        Ok(Self { os: os.to_owned(), architecture: architecture.to_owned() })
    }
}

fn described(used: &UsedImage, Position { line, column }: Position, looked: Option<&Looked>) -> ServiceImage {
    let (state, reason, facts) = match (&used.image, looked) {
        (None, _) => {
            let reason = "a variable in it has neither a value nor a default".to_owned();
            (ImageState::NotChecked, Some(reason), None)
        }
        (Some(_), None) => (ImageState::NotChecked, Some("there are too many images".to_owned()), None),
        (Some(_), Some(Looked { answer: Ok(facts), .. })) => {
            (ImageState::Exists, None, Some(details(facts.clone())))
        }
        (Some(_), Some(Looked { answer: Err(error), .. })) => {
            (state_of(error), Some(error.to_string()), None)
        }
    };
    ServiceImage {
        service: used.service.clone(),
        image: used.image.as_ref().map_or_else(|| used.written.clone(), |image| image.text.clone()),
        line,
        column,
        state,
        reason,
        facts,
        newer_tag: looked.and_then(|looked| looked.newer_tag.clone()),
    }
}

fn findings(
    used: &UsedImage,
    Position { line, column }: Position,
    looked: Option<&Looked>,
    platform: Option<&Platform>,
) -> Vec<ImageFinding> {
    let (Some(image), Some(looked)) = (&used.image, looked) else { return Vec::new() };
    let missing = matches!(looked.answer, Err(LookUpError::CertainlyMissing));
    let found = [
        missing.then(|| Told::not_found(image)),
        platform.and_then(|platform| no_platform(image, looked.answer.as_ref().ok()?, platform)),
        looked.newer_tag.as_ref().map(|newer| Told::newer_tag(image, newer)),
    ];
    let found = found.into_iter().flatten();
    found
        .map(|Told { code, severity, message }| ImageFinding {
            code: code.to_owned(),
            severity,
            service: used.service.clone(),
            line,
            column,
            message,
        })
        .collect()
}

fn no_platform(image: &ImageReference, facts: &ImageFacts, platform: &Platform) -> Option<Told> {
    let Platform { os, architecture } = platform;
    let is_missing = facts.runs_on(os, architecture) == Some(false);
    is_missing.then(|| Told::no_platform(image, &format!("{os}/{architecture}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_is_an_architecture_with_or_without_its_system() {
        let read = |text: &str| {
            Platform::read(text).map(|platform| format!("{}/{}", platform.os, platform.architecture))
        };
        assert_eq!(read("arm64").unwrap(), "linux/arm64");
        assert_eq!(read("linux/amd64").unwrap(), "linux/amd64");
        assert_eq!(read("aarch64").unwrap(), "linux/arm64");
        for text in ["", "linux/", "linux/arm/v7", "<script>"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
