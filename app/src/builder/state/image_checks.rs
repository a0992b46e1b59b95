//! Asks the server what registries say about the images of the stack, and pins an image to its digest.
//!
//! Questions wait until the text was quiet for a while, and each image is asked about once. Answers change only
//! [`Document::images`](super::document::Document), from which findings follow.

use std::time::Duration;

use domain::{
    compose::ImageReference,
    images::pinned,
    stack::{Edit, Refusal},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::{notices::Spot, session::Session};
use crate::rpc::images::look_up_images;

/// Time between the last change of the text and the question. Longer than the pause of saving: half a tag is no question.
const PAUSE: Duration = Duration::from_millis(1_500);

pub fn keep(session: Session) {
    if !session.can_edit() {
        return;
    }
    let document = session.document;
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        if let Some(Some(waiting)) = waiting {
            waiting.clear();
        }
        let is_new = document.written.with(|written| {
            document.images.with(|images| !images.to_ask(&written.moment().stack).is_empty())
        });
        if is_new { set_timeout_with_handle(move || ask(session), PAUSE).ok() } else { None }
    });
}

/// Uses only `try_` methods, because the page may have been disposed meanwhile.
fn ask(session: Session) {
    let images = session.document.images;
    let Some(stack) = session.document.try_stack() else { return };
    let Some(asked) = images.try_update_untracked(|images| {
        let asked = images.to_ask(&stack);
        images.begin(&asked);
        asked
    }) else {
        return;
    };
    if asked.is_empty() {
        return;
    }
    spawn_local(async move {
        match look_up_images(asked.clone()).await {
            Ok(answers) => images.try_update(|images| images.take(asked, answers)),
            // Untracked: otherwise the question would be asked again and again.
            Err(_) => images.try_update_untracked(|images| images.end(&asked)),
        };
    });
}

/// Asks again about an image whose registry did not answer.
pub fn ask_again(session: Session, image: &str) {
    session.document.images.update(|images| images.forget(image));
    ask(session);
}

/// Writes the digest that the image's tag means now. The registry is asked again, because the tag may have moved since.
pub fn pin(session: Session, service: String, image: ImageReference, busy: RwSignal<bool>) {
    busy.set(true);
    spawn_local(async move {
        let answer = look_up_images(vec![image.text.clone()]).await;
        busy.try_set(false);
        let Some(stack) = session.document.try_stack() else { return };
        let now = stack.model().service(&service).and_then(|service| service.image.as_ref());
        if now.is_none_or(|now| now.value != image) {
            return;
        }
        let digest = answer
            .map(|answers| answers.and_then(|mut answers| answers.pop()?.facts).map(|facts| facts.digest));
        match digest {
            Ok(Some(digest)) => {
                let image = pinned(&image, &digest);
                session.edit(Spot::Inspector, &[Edit::SetImage { service, image }]);
            }
            Ok(None) => refuse(
                session,
                "The registry did not tell the digest. Nothing was changed; try again in a moment.",
            ),
            Err(error) => refuse(session, &error.to_string()),
        }
    });
}

fn refuse(session: Session, message: &str) {
    session.refuse(Spot::Inspector, Refusal::new("not-pinned", message));
}
