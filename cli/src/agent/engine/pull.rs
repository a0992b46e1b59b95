//! Pulls and tags images.

use bollard::{
    auth::DockerCredentials,
    query_parameters::{CreateImageOptions, TagImageOptions},
};
use domain::compose::ImageReference;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::agent::failure::Failure;

impl Engine {
    /// Passes each line of progress to `line`.
    pub async fn pull(
        &self,
        image: &str,
        credentials: Option<DockerCredentials>,
        cancel: &CancellationToken,
        mut line: impl FnMut(String),
    ) -> Result<(), Failure> {
        let reference = ImageReference::read(image);
        // Without a tag the engine would pull every tag.
        let tag = (reference.tag.is_none() && reference.digest.is_none()).then(|| "latest".to_owned());
        let options =
            CreateImageOptions { from_image: Some(image.to_owned()), tag, ..CreateImageOptions::default() };
        let mut stream = std::pin::pin!(self.docker.create_image(Some(options), None, credentials));
        loop {
            let next = tokio::select! {
                () = cancel.cancelled() => return Err(Failure::cancelled()),
                next = stream.next() => next,
            };
            match next {
                None => return Ok(()),
                Some(Err(error)) => {
                    return Err(Failure::new("pull-failed", format!("couldn't pull `{image}`: {error}")));
                }
                Some(Ok(said)) => {
                    if let Some(error) = said.error_detail.and_then(|detail| detail.message) {
                        return Err(Failure::new("pull-failed", format!("couldn't pull `{image}`: {error}")));
                    }
                    if let Some(status) = said.status.filter(|status| !status.is_empty()) {
                        let layer = said.id.map(|id| format!("{id}: ")).unwrap_or_default();
                        line(format!("{image}: {layer}{status}"));
                    }
                }
            }
        }
    }

    /// Tags the image with the name it had before.
    pub async fn name_again(&self, image: &str, id: &str) -> Result<(), Failure> {
        if self.image_id(image).await?.as_deref() == Some(id) {
            return Ok(());
        }
        let reference = ImageReference::read(image);
        let tag = reference.tag.clone().unwrap_or_else(|| "latest".to_owned());
        let repo = match &reference.registry {
            Some(registry) => format!("{registry}/{}", reference.repository),
            None => reference.repository,
        };
        Ok(self.docker.tag_image(id, Some(TagImageOptions { repo: Some(repo), tag: Some(tag) })).await?)
    }
}
