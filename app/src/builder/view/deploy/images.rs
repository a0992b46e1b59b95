//! What registries say about the images of the stack, above the choice of where to deploy to. It arrives late and blocks nothing.

use domain::api::{FieldError, ImagesBeforeDeploying};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    builder::state::session::use_session,
    components::{Callout, MarkedText, Tone},
    rpc::deployments::look_at_images,
};

#[component]
pub fn ImagesBefore() -> impl IntoView {
    let project = use_session().project;
    let before = RwSignal::new(ImagesBeforeDeploying::default());
    Effect::new(move || {
        spawn_local(async move {
            // Without an answer nothing is shown: the deployment asks again.
            if let Ok(found) = look_at_images(project).await {
                before.try_set(found);
            }
        });
    });
    move || {
        let ImagesBeforeDeploying { missing, uncertain } = before.get();
        let is_any = !missing.is_empty() || !uncertain.is_empty();
        is_any.then(|| {
            view! {
                <div class="flex flex-col gap-2 pb-4" data-testid="deploy-images">
                    {list(
                        Tone::Error,
                        missing,
                        "Images that do not exist",
                        "A cloud refuses such a stack. A host of yours tries it, because it may have the image already.",
                    )}
                    {list(
                        Tone::Warn,
                        uncertain,
                        "Images that could not be checked",
                        "The deployment goes on, and fails if the host cannot pull them.",
                    )}
                </div>
            }
        })
    }
}

fn list(
    tone: Tone,
    images: Vec<FieldError>,
    title: &'static str,
    what: &'static str,
) -> Option<impl IntoView> {
    (!images.is_empty()).then(|| {
        view! {
            <Callout tone title>
                <ul>
                    {images.into_iter().map(|image| view! { <li><MarkedText text=image.message /></li> }).collect_view()}
                </ul>
                <p>{what}</p>
            </Callout>
        }
    })
}
