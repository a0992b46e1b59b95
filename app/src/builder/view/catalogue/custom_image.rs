//! The form that adds a service with any image.

use domain::compose::ImageReference;
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    builder::{
        model::validate,
        state::{actions, notices::Spot, session::use_session},
        view::notices::RefusalAt,
    },
    components::{Button, Dialog, Look, TextInput},
};

#[component]
pub fn CustomImage() -> impl IntoView {
    let session = use_session();
    let open = session.panels.adding_image;
    let image = RwSignal::new(String::new());
    // The typed name. Until the user types one, the name is derived from the image.
    let typed_name = RwSignal::new(None::<String>);
    let name = Memo::new(move |_| {
        typed_name.get().unwrap_or_else(|| {
            let image = ImageReference::read(image.get().trim());
            let short: String = image
                .short_name()
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
                .collect();
            if short.is_empty() { short } else { actions::free_name(session, &short) }
        })
    });
    let image_error = Memo::new(move |_| {
        let image = image.get();
        if image.is_empty() { None } else { validate::image(image.trim()).err() }
    });
    let name_error = Memo::new(move |_| {
        let name = name.get();
        if name.is_empty() {
            None
        } else {
            session.document.read(|stack| validate::service_name(&name, stack.model(), None).err())
        }
    });
    let complete = Memo::new(move |_| {
        !image.get().is_empty()
            && !name.get().is_empty()
            && image_error.get().is_none()
            && name_error.get().is_none()
    });
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        if complete.get_untracked()
            && actions::add_image(session, &name.get_untracked(), image.get_untracked().trim())
        {
            open.set(false);
        }
    };
    Effect::new(move || {
        if !open.get() {
            image.set(String::new());
            typed_name.set(None);
        }
    });
    view! {
        <Dialog id="custom-image" title="Add an image" open>
            <form class="flex flex-col gap-3" on:submit=add>
                <TextInput
                    id="custom-image-reference"
                    label="Image"
                    placeholder="ghcr.io/acme/shop:1.4"
                    help="With a tag, so that the version does not change by itself."
                    mono=true
                    bind=image
                    on_input=move |value| image.set(value)
                    error=image_error
                />
                <TextInput
                    id="custom-image-name"
                    label="Service name"
                    help="Other services reach this one by its name."
                    bind=name
                    on_input=move |value| typed_name.set(Some(value))
                    error=name_error
                />
                <RefusalAt spot=Spot::CustomImage />
                <div class="flex justify-end">
                    <Button
                        kind="submit"
                        look=Look::Primary
                        disabled=Signal::derive(move || !complete.get())
                        attr:data-testid="custom-image-add"
                    >
                        "Add the service"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}
