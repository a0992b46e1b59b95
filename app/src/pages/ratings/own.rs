//! The form for one's own rating.

use domain::rating::{HIGHEST_RATE, OwnRating};
use leptos::prelude::*;

use crate::components::{Button, Callout, Look, Select, TextInput};

#[component]
pub(super) fn OwnForm(own: Option<OwnRating>, is_hidden: bool, action: String) -> impl IntoView {
    if is_hidden {
        return view! {
            <Callout title="Your rating is hidden">
                "You took it back, or an administrator hid it. It does not count and cannot be changed."
            </Callout>
        }
        .into_any();
    }
    let is_new = own.is_none();
    let (rate, comment) =
        own.map_or((HIGHEST_RATE, String::new()), |own| (own.rate, own.comment.unwrap_or_default()));
    let options = (0..=HIGHEST_RATE).rev().map(|rate| (rate.to_string(), rate.to_string())).collect();
    view! {
        <form method="post" action=action class="flex flex-col gap-3 rounded-panel bg-panel p-4 hairline" data-testid="own-rating">
            <h2 class="font-semibold">{if is_new { "Your rating" } else { "Change your rating" }}</h2>
            <div class="max-w-32">
                <Select id="rate" label="Rate, 0 to 10" name="rate" options value=Signal::stored(rate.to_string()) />
            </div>
            <TextInput
                id="comment"
                label="Comment"
                name="comment"
                value=comment
                max_length=1000
                help="Plain text of up to 1,000 characters. Everybody can read it."
            />
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit">
                    {if is_new { "Rate" } else { "Save" }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}
