//! What registries say about images while a person edits. Questions use the caller's own credentials for all projects.

use std::time::Duration;

use domain::{
    access::{Action, Caller},
    api::{ImageAnswer, ImageState},
    compose::ImageReference,
};

use super::{
    ImageError, Images, allow,
    credentials::OpenedCredentials,
    look_up::{Looked, Wanted, details, look_up, state_of},
};
use crate::connectors::registry::LookUpError;

/// What is not known by then is known when somebody asks again: questions go on behind the cache.
const PATIENCE: Duration = Duration::from_secs(8);
/// Images in one question.
const MAX_IMAGES: usize = 20;
/// Longer than any reference.
const MAX_REFERENCE: usize = 600;

impl Images {
    /// What their registries say about these images, in the same order. `None`: registries are switched off on this server.
    pub async fn look_up(
        &self,
        caller: &Caller,
        images: &[String],
    ) -> Result<Option<Vec<ImageAnswer>>, ImageError> {
        allow(caller, Action::Read)?;
        if images.len() > MAX_IMAGES || images.iter().any(|image| image.len() > MAX_REFERENCE) {
            return Err(ImageError::about("images", format!("must be {MAX_IMAGES} references at most")));
        }
        let references: Vec<_> = images.iter().map(|image| ImageReference::read(image)).collect();
        let credentials = OpenedCredentials::of_account(&self.core, &caller.user_id).await?;
        let asked = references.iter().collect();
        let found = look_up(&self.core, &credentials, asked, Wanted::NewerTags, PATIENCE).await;
        if found.values().any(|looked| matches!(looked.answer, Err(LookUpError::Off))) {
            return Ok(None);
        }
        Ok(Some(images.iter().map(|image| answer(found.get(image))).collect()))
    }
}

fn answer(looked: Option<&Looked>) -> ImageAnswer {
    match looked.map(|looked| (&looked.answer, &looked.newer_tag)) {
        Some((Ok(facts), newer_tag)) => ImageAnswer {
            state: ImageState::Exists,
            facts: Some(details(facts.clone())),
            newer_tag: newer_tag.clone(),
        },
        Some((Err(error), _)) => ImageAnswer { state: state_of(error), facts: None, newer_tag: None },
        None => ImageAnswer { state: ImageState::NotChecked, facts: None, newer_tag: None },
    }
}
