//! Asks registries about many images at once, within one deadline.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use domain::{
    api::{FieldError, ImageDetails, ImageState, ImagesBeforeDeploying},
    cloud::Secret,
    compose::{ImageReference, Position},
    images::{UsedImage, used_images},
    install::RegistryCredentials,
    stack::Stack,
};
use futures::{StreamExt as _, stream};

use super::credentials::OpenedCredentials;
use crate::{
    connectors::registry::{ImageFacts, LookUpError, PlatformFacts},
    services::core::Core,
};

/// A deployment does not wait longer for registries.
const DEPLOYMENT_WAITS: Duration = Duration::from_secs(3);
/// Questions of one check at the same time.
const AT_ONCE: usize = 8;
/// Different images of one stack; the others are not looked up.
const MAX_IMAGES: usize = 200;
/// The most places that a deployment reports.
const MAX_PLACES: usize = 50;

/// What to find out about each image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Existence,
    /// Also the newest tag of its line.
    NewerTags,
}

/// What was found out about an image.
#[derive(Debug)]
pub struct Looked {
    pub answer: Result<ImageFacts, LookUpError>,
    pub newer_tag: Option<String>,
}

/// What a project is made of, read off the threads that answer requests: a large file takes long.
pub struct ReadImages {
    pub images: Vec<UsedImage>,
    /// Where each image is in the text, in the same order.
    pub positions: Vec<Position>,
}

impl ReadImages {
    pub async fn of(compose: String, values: BTreeMap<String, Secret>) -> anyhow::Result<Self> {
        let work = move || {
            let values =
                values.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect();
            let images = used_images(&Stack::read(&compose), &values);
            let positions = images.iter().map(|used| Position::of(&compose, used.place.start)).collect();
            Self { images, positions }
        };
        Ok(tokio::task::spawn_blocking(work).await?)
    }

    pub fn placed(&self) -> impl Iterator<Item = (&UsedImage, Position)> {
        self.images.iter().zip(self.positions.iter().copied())
    }

    /// Each image once.
    pub fn distinct(&self) -> Vec<&ImageReference> {
        let mut seen = BTreeSet::new();
        let known = self.images.iter().filter_map(|used| used.image.as_ref());
        known.filter(|image| seen.insert(image.text.as_str())).take(MAX_IMAGES).collect()
    }
}

/// The answers by the text of the image. Whatever is not known after `patience` is [`LookUpError::TimedOut`].
pub async fn look_up(
    core: &Core,
    credentials: &OpenedCredentials,
    images: Vec<&ImageReference>,
    wanted: Wanted,
    patience: Duration,
) -> BTreeMap<String, Looked> {
    let deadline = Instant::now() + patience;
    let questions = images.into_iter().map(|image| ask(core, credentials, image, wanted, deadline));
    let questions: Vec<_> = questions.collect();
    stream::iter(questions).buffer_unordered(AT_ONCE).collect().await
}

async fn ask(
    core: &Core,
    credentials: &OpenedCredentials,
    image: &ImageReference,
    wanted: Wanted,
    deadline: Instant,
) -> (String, Looked) {
    let credential = credentials.for_image(image);
    let answer = core.registry.look_up(image, credential, deadline).await;
    let mut newer_tag = None;
    if wanted == Wanted::NewerTags && answer.is_ok() && image.digest.is_none() {
        newer_tag = core.registry.newest_tag(image, credential, deadline).await.ok().flatten();
    }
    (image.text.clone(), Looked { answer, newer_tag })
}

/// What a deployment has to know about the images of its stack.
#[derive(Debug, Default)]
pub struct BeforeDeploying {
    /// Images that certainly do not exist, each with its place in the compose file.
    pub missing: Vec<FieldError>,
    /// Images about which nothing certain is known.
    pub uncertain: Vec<FieldError>,
    /// The credentials of the first private image. A message has room for one registry.
    pub registry: Option<RegistryCredentials>,
}

impl From<BeforeDeploying> for ImagesBeforeDeploying {
    fn from(before: BeforeDeploying) -> Self {
        Self { missing: before.missing, uncertain: before.uncertain }
    }
}

impl BeforeDeploying {
    /// Everything, for a deployment that nothing of this keeps from going on.
    pub fn into_warnings(self) -> Vec<FieldError> {
        let mut warnings = self.missing;
        warnings.extend(self.uncertain);
        warnings.truncate(MAX_PLACES);
        warnings
    }
}

/// Looks up the images of a stack that this user is about to deploy, for 3 s at most. The project is named by owner and id.
pub async fn before_deploying(
    core: &Core,
    (owner, project_id): (&str, i32),
    user_id: &str,
    compose: String,
    values: BTreeMap<String, Secret>,
) -> anyhow::Result<BeforeDeploying> {
    let read = ReadImages::of(compose, values).await?;
    let credentials = OpenedCredentials::of_project(core, owner, project_id, user_id).await?;
    let found = look_up(core, &credentials, read.distinct(), Wanted::Existence, DEPLOYMENT_WAITS).await;
    let mut before = BeforeDeploying::default();
    for (used, position) in read.placed() {
        let Some(image) = &used.image else { continue };
        if before.registry.is_none() {
            before.registry = credentials.to_send(image);
        }
        let Some(Looked { answer: Err(error), .. }) = found.get(&image.text) else { continue };
        let list = match error {
            LookUpError::Off => continue,
            LookUpError::CertainlyMissing => &mut before.missing,
            _ => &mut before.uncertain,
        };
        if list.len() < MAX_PLACES {
            list.push(FieldError {
                field: format!("compose:{}:{}", position.line, position.column),
                message: format!("services.{}.image: `{}`: {error}", used.service, image.text),
            });
        }
    }
    Ok(before)
}

pub fn state_of(error: &LookUpError) -> ImageState {
    match error {
        LookUpError::CertainlyMissing => ImageState::Missing,
        LookUpError::NotReadable => ImageState::NotReadable,
        LookUpError::RateLimited { .. } => ImageState::RateLimited,
        LookUpError::Unreachable(_) | LookUpError::TimedOut => ImageState::Unreachable,
        LookUpError::NotAllowed(_) | LookUpError::Invalid(_) | LookUpError::Off => ImageState::NotChecked,
    }
}

pub fn details(facts: ImageFacts) -> ImageDetails {
    ImageDetails {
        digest: facts.digest,
        platforms: facts.platforms.iter().map(platform).collect(),
        size_bytes: facts.size_bytes,
        created: facts.created,
    }
}

/// `linux/arm/v7`
pub fn platform(facts: &PlatformFacts) -> String {
    let PlatformFacts { os, architecture, variant, .. } = facts;
    match variant {
        Some(variant) => format!("{os}/{architecture}/{variant}"),
        None => format!("{os}/{architecture}"),
    }
}
