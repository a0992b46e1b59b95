//! `/sign-in`: a link to the sign-in provider, or, without a provider, sign-in by the one-time link of the local operator.
//!
//! Opening the one-time link changes nothing. Only the button's POST uses up the code, so a mail scanner or a link preview
//! cannot.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, location::Url};

use crate::{
    components::{Button, Logo, Look},
    notice::{Notice, NoticeLine},
    rpc::session::{WayIn, get_way_in},
};

/// The URL that starts the sign-in at the provider, which sends the browser back to the callback.
const AUTHORIZE: &str = "/sign-in/provider";

#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let way_in = Resource::new_blocking(|| (), |()| get_way_in());
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
                <Suspense>
                    {move || Suspend::new(async move {
                        match (way_in.await, code.get()) {
                            (Ok(WayIn::Provider { name, is_known }), _) => view! { <AtProvider name is_known /> }.into_any(),
                            (Ok(WayIn::Bearer), _) => view! { <NotHere /> }.into_any(),
                            (_, Some(code)) => view! { <UseLink code /> }.into_any(),
                            (_, None) => view! { <GetLink /> }.into_any(),
                        }
                    })}
                </Suspense>
            </div>
        </main>
    }
}

/// A link, not a form: the content security policy forbids forms that lead to another host.
#[component]
fn AtProvider(name: String, is_known: bool) -> impl IntoView {
    let query = use_query_map();
    let is_away = query.read_untracked().get("notice").and_then(|code| Notice::of_code(&code))
        == Some(Notice::ProviderUnavailable);
    if is_away {
        unavailable();
    }
    let next = move || query.read().get("next").unwrap_or_default();
    let href = move || authorize_address(&[("next", &next())]);
    let anyway = move || authorize_address(&[("next", &next()), ("anyway", "yes")]);
    let label = if is_away { "Try again".to_owned() } else { format!("Sign in with {name}") };
    view! {
        <h1 class="text-title font-semibold">"Sign in"</h1>
        <a class=format!("{} justify-center", Look::Primary.class()) href=href rel="external" data-testid="sign-in-provider">
            {label}
        </a>
        {(is_away && is_known)
            .then(|| {
                view! {
                    <a class=format!("{} justify-center", Look::Plain.class()) href=anyway rel="external">
                        {format!("Go to {name} anyway")}
                    </a>
                }
            })}
        <p class="text-caption text-muted">"This server has no passwords: you sign in with the provider and then return here."</p>
    }
}

fn authorize_address(query: &[(&str, &str)]) -> String {
    let filled = query.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = filled.map(|(name, value)| format!("{name}={}", Url::escape(value))).collect();
    if query.is_empty() { AUTHORIZE.to_owned() } else { format!("{AUTHORIZE}?{}", query.join("&")) }
}

/// Sets the response status, for programs and proxies, which do not read the text.
fn unavailable() {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[component]
fn NotHere() -> impl IntoView {
    view! {
        <h1 class="text-title font-semibold">"Browser sign-in is not set up"</h1>
        <p>"This server accepts bearer tokens of its provider over REST only. To allow browsers to sign in, its operator sets the section "<code>"oauth"</code>" in the configuration."</p>
    }
}

#[component]
fn UseLink(code: String) -> impl IntoView {
    view! {
        <h1 class="text-title font-semibold">"Sign in to this server"</h1>
        <p class="text-muted">"This browser will be signed in as the local operator. The link works once."</p>
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
        <p>"There is no password. Open the link that the server printed in the terminal when it started."</p>
        <p>"Has the link been used, or is it older than 15 minutes? Print a new one on the server's machine:"</p>
        <p class=COMMAND>"console login-link"</p>
        <p class="text-caption text-muted">
            "The command is installed next to the server. Keep the link private: the first person to open it is signed in."
        </p>
    }
}
