//! `/sign-in`: with a code from the printed link one button, without a code how to get a link.
//!
//! Opening the link changes nothing: only the button's POST uses the code up, so a mail scanner or a preview does not.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::notice_line::NoticeLine;
use crate::components::{Button, Logo, Look};

#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let code = Memo::new(move |_| query.read().get("code").filter(|code| !code.is_empty()));
    view! {
        <Title text="Sign in" />
        <main id="main" tabindex="-1" class="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-4 px-4 py-10">
            <p class="flex items-center gap-2 text-lead font-semibold">
                <Logo />
                "Stacker"
            </p>
            <NoticeLine />
            <div class="flex flex-col gap-3 rounded-panel bg-panel p-5 hairline">
                {move || match code.get() {
                    Some(code) => view! { <UseLink code /> }.into_any(),
                    None => view! { <GetLink /> }.into_any(),
                }}
            </div>
        </main>
    }
}

#[component]
fn UseLink(code: String) -> impl IntoView {
    view! {
        <h1 class="text-title font-semibold">"Sign in to this server"</h1>
        <p class="text-muted">"You become its local operator in this browser. The link works once."</p>
        <form method="post" action="/sign-in" class="flex flex-col">
            <input type="hidden" name="code" value=code />
            <Button look=Look::Primary kind="submit">
                "Sign in"
            </Button>
        </form>
    }
}

#[component]
fn GetLink() -> impl IntoView {
    const COMMAND: &str =
        "rounded-control bg-sunken px-2 py-1.5 font-mono text-body select-all hairline overflow-x-auto";
    view! {
        <h1 class="text-title font-semibold">"Open your sign-in link"</h1>
        <p>"There is no password. The server printed a link in the terminal when it started; open it here."</p>
        <p>"The link is used up or older than 15 minutes? Print a new one on the machine the server runs on:"</p>
        <p class=COMMAND>"console login-link"</p>
        <p class="text-caption text-muted">
            "The command is installed beside the server. Keep the link to yourself: who opens it first is signed in."
        </p>
    }
}
