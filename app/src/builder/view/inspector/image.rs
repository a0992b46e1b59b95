//! The image of a service: name and tag as fields, what its registry says about it, and the choice of another tag.

use domain::{
    api::ImageAnswer,
    compose::{ImageReference, Service},
    images::can_be_asked,
    stack::Edit,
};
use leptos::prelude::*;

use super::{
    live_field::{LiveField, Typing, Verdict},
    tag_picker::{Facts, TagPicker},
};
use crate::{
    builder::{
        model::{
            images::{may_pass, reason},
            validate,
        },
        state::{image_checks, session::use_session},
    },
    components::{Button, Dialog, Look},
};

#[component]
pub fn ImageFields(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let image = move || {
        service.with(|service| {
            service.as_ref().and_then(|service| service.image.as_ref().map(|image| image.value.clone()))
        })
    };
    let is_built = Memo::new(move |_| {
        service.with(|service| service.as_ref().is_some_and(|service| service.build.is_some()))
    });
    let whole = Memo::new(move |_| image());
    // The part of the image before the tag: its name in a registry.
    let repository = Signal::derive(move || {
        image().map(|image| ImageReference { digest: None, ..image }.with_tag("").text).unwrap_or_default()
    });
    let tag = Signal::derive(move || {
        image()
            .map(|image| match (image.tag, image.digest) {
                (tag, Some(digest)) => format!("{}@{digest}", tag.unwrap_or_default()),
                (tag, None) => tag.unwrap_or_default(),
            })
            .unwrap_or_default()
    });
    let write = move |field: &'static str, name: &str, image: String| -> Verdict {
        validate::image(&image)?;
        session.type_in(field, &[Edit::SetImage { service: name.to_owned(), image }])
    };
    let (of_image, of_line) = (name.clone(), name.clone());
    let set_repository = move |text: String| {
        let text = text.trim().to_owned();
        // The user may have typed or pasted a complete reference with its own tag.
        let whole = ImageReference::read(&text);
        let keeps_tag = whole.tag.is_none() && whole.digest.is_none();
        let tag = tag.get_untracked();
        write("image", &of_image, if keeps_tag { joined(&text, &tag) } else { text })
    };
    let set_tag = move |text: String| {
        let repository = repository.get_untracked();
        if repository.is_empty() {
            return Err("Write the image first.".to_owned());
        }
        write("tag", &name, joined(&repository, text.trim()))
    };
    view! {
        <div class="grid grid-cols-[1fr_7.5rem] gap-2">
            <LiveField
                id="inspector-image"
                label="Image"
                typing=Typing::new(repository, set_repository)
                placeholder="nginx"
                mono=true
            />
            <LiveField id="inspector-tag" label="Tag" typing=Typing::new(tag, set_tag) placeholder="1.27" mono=true />
        </div>
        {move || {
            if is_built.get() {
                view! {
                    <p class="text-caption text-muted">
                        "This service is built from source. An image here is the name of the result."
                    </p>
                }
                    .into_any()
            } else {
                view! { <ImageLine name=of_line.clone() image=whole /> }.into_any()
            }
        }}
    }
}

/// What is known about the image, and what can be done with it.
#[component]
fn ImageLine(name: String, image: Memo<Option<ImageReference>>) -> impl IntoView {
    let session = use_session();
    let name = StoredValue::new(name);
    let choosing = RwSignal::new(false);
    let busy = RwSignal::new(false);
    // Nobody knows what an image with variables means until they have values.
    let asked = Memo::new(move |_| image.get().filter(can_be_asked));
    let answer =
        Memo::new(move |_| session.document.images.with(|answers| answers.of(&asked.get()?.text).cloned()));
    let can_be_pinned = Memo::new(move |_| {
        let is_there = answer.with(|answer| answer.as_ref().is_some_and(|answer| answer.facts.is_some()));
        is_there && asked.with(|image| image.as_ref().is_some_and(|image| image.digest.is_none()))
    });
    let pin = move |_| {
        if let Some(image) = asked.get_untracked() {
            image_checks::pin(session, name.get_value(), image, busy);
        }
    };
    let again = move |_| {
        if let Some(image) = asked.get_untracked() {
            image_checks::ask_again(session, &image.text);
        }
    };
    let has_actions = Memo::new(move |_| session.can_edit() && asked.with(Option::is_some));
    view! {
        {move || {
            has_actions
                .get()
                .then(|| {
                    view! {
                        <div class="flex flex-wrap items-center gap-2">
                            <Button on:click=move |_| choosing.set(true) attr:data-testid="choose-tag">
                                "Choose a tag"
                            </Button>
                            {move || {
                                can_be_pinned
                                    .get()
                                    .then(|| {
                                        view! {
                                            <Button
                                                look=Look::Quiet
                                                disabled=busy
                                                on:click=pin
                                                attr:data-testid="pin-digest"
                                                attr:title="Adds the digest of the tag, so that it is always exactly this image"
                                            >
                                                "Pin this digest"
                                            </Button>
                                        }
                                    })
                            }}
                        </div>
                    }
                })
        }}
        <p role="status" class="text-caption text-muted wrap-anywhere empty:hidden" data-testid="image-facts">
            {move || answer.get().map(described)}
            {move || {
                answer
                    .with(|answer| answer.as_ref().is_some_and(|answer| may_pass(answer.state)))
                    .then(|| {
                        view! {
                            <button type="button" class="ml-1 underline" on:click=again>
                                "Ask again"
                            </button>
                        }
                    })
            }}
        </p>
        <Dialog id="tags" title="Choose a tag" open=choosing>
            {move || {
                choosing
                    .get()
                    .then(|| asked.get_untracked())
                    .flatten()
                    .map(|image| view! { <TagPicker service=name.get_value() image open=choosing /> })
            }}
        </Dialog>
    }
}

fn described(answer: ImageAnswer) -> AnyView {
    let Some(facts) = answer.facts else {
        return view! { <span>{reason(answer.state)}</span> }.into_any();
    };
    view! { <Facts size_bytes=facts.size_bytes changed=facts.created platforms=facts.platforms /> }.into_any()
}

/// `tag` may contain a digest after `@`.
fn joined(repository: &str, tag: &str) -> String {
    match tag.chars().next() {
        None => repository.to_owned(),
        Some('@') => format!("{repository}{tag}"),
        Some(_) => format!("{repository}:{tag}"),
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn image_and_tag_are_put_together_again() {
        assert_eq!(joined("nginx", "1.27"), "nginx:1.27");
        assert_eq!(joined("nginx", ""), "nginx");
        assert_eq!(joined("nginx", "@sha256:ab"), "nginx@sha256:ab");
        assert_eq!(joined("nginx", "1.27@sha256:ab"), "nginx:1.27@sha256:ab");
    }
}
