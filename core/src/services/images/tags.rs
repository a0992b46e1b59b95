//! The tags of an image, with what is known about them, for a person who chooses one.
//!
//! Names come from the registry. Age, size and platforms come from the pages of Docker Hub for its images, because each look at a
//! manifest there counts as a pull, which Docker Hub limits; other registries are asked for the first few tags.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::{
    access::{Action, Caller},
    api::{DockerHubTag, ImageTag, ImageTags},
    compose::ImageReference,
};

use super::{
    ImageError, Images, allow,
    credentials::OpenedCredentials,
    look_up::{Wanted, details, look_up},
};
use crate::connectors::registry::{LookUpError, TagPage, docker_hub_name};

const PATIENCE: Duration = Duration::from_secs(10);
/// For what is only good to know.
const DETAILS_WAIT: Duration = Duration::from_secs(4);
/// Tags in one answer. A search finds the others.
const MAX_TAGS: usize = 50;
/// Tags that a registry is asked about.
const MAX_DETAILED: usize = 12;
const MAX_SEARCH: usize = 128;

impl Images {
    /// The tags of an image's repository that contain `search`, the newest versions first.
    pub async fn list_tags(
        &self,
        caller: &Caller,
        image: &str,
        search: &str,
    ) -> Result<ImageTags, ImageError> {
        allow(caller, Action::Read)?;
        let image = ImageReference::read(image);
        let search: String = search.trim().chars().take(MAX_SEARCH).collect();
        let credentials = OpenedCredentials::of_account(&self.core, &caller.user_id).await?;
        let deadline = Instant::now() + PATIENCE;
        let credential = credentials.for_image(&image);
        let named = self.core.registry.list_tags(&image, credential, &search, MAX_TAGS, deadline).await;
        if let Err(LookUpError::Off) = named {
            return Err(LookUpError::Off.into());
        }
        let known = match docker_hub_name(&image) {
            Some(name) => self.at_docker_hub(name, &search).await,
            None => match &named {
                Ok(page) => self.in_registry(&credentials, &image, page).await,
                Err(_) => Vec::new(),
            },
        };
        match named {
            Ok(page) => Ok(described(page, known)),
            // Its registry may be busy while its pages answer. They do not tell whether there are more.
            Err(_) if !known.is_empty() => {
                let found = known.len();
                Ok(ImageTags { tags: known.into_iter().take(MAX_TAGS).collect(), found, is_complete: false })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// One page of the tags at Docker Hub; nothing if it does not answer soon.
    async fn at_docker_hub(&self, (namespace, name): (String, String), search: &str) -> Vec<ImageTag> {
        let question = self.core.docker_hub.tags(&namespace, &name, Some(search));
        match tokio::time::timeout(DETAILS_WAIT, question).await {
            Ok(Ok(tags)) => tags.into_iter().map(of_docker_hub).collect(),
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }

    /// What the registry says about the first tags.
    async fn in_registry(
        &self,
        credentials: &OpenedCredentials,
        image: &ImageReference,
        page: &TagPage,
    ) -> Vec<ImageTag> {
        let images: Vec<_> = page.tags.iter().take(MAX_DETAILED).map(|tag| image.with_tag(tag)).collect();
        let asked = images.iter().collect();
        let found = look_up(&self.core, credentials, asked, Wanted::Existence, DETAILS_WAIT).await;
        let known = images.into_iter().filter_map(|image| {
            let facts = details(found.get(&image.text)?.answer.clone().ok()?);
            Some(ImageTag {
                name: image.tag?,
                changed: facts.created,
                size_bytes: facts.size_bytes,
                platforms: facts.platforms,
            })
        });
        known.collect()
    }
}

fn described(page: TagPage, known: Vec<ImageTag>) -> ImageTags {
    let mut known: BTreeMap<String, ImageTag> =
        known.into_iter().map(|tag| (tag.name.clone(), tag)).collect();
    let tags = page
        .tags
        .into_iter()
        .map(|name| known.remove(&name).unwrap_or_else(|| ImageTag { name, ..ImageTag::default() }));
    ImageTags { tags: tags.collect(), found: page.found, is_complete: page.is_complete }
}

fn of_docker_hub(tag: DockerHubTag) -> ImageTag {
    let changed = tag.last_updated.and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
    ImageTag {
        name: tag.name,
        changed: changed.map(|at| at.with_timezone(&Utc)),
        size_bytes: tag.size_bytes,
        platforms: tag.platforms,
    }
}
