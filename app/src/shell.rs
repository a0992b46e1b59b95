//! The HTML document around the app. It is rendered on the server only and is not hydrated.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};
use stacker::services::Services;

use crate::{cookie, layout::START_FAILURE_ID, routes::App, theme::Theme};

pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = Theme::of_cookies(&cookie::all());
    // Lets the browser detect that its own clock is wrong (`components/age.rs`).
    let server_time = use_context::<Services>()
        .map(|services| services.context().clock.now().timestamp_millis().to_string());
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str() data-server-time=server_time>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                <meta name="description" content="Assemble a stack of containers, see the compose file grow, take it away." />
                <StyleSheet options=options.clone() />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <AutoReload options=options.clone() />
                <StartScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
pub fn StyleSheet(options: LeptosOptions) -> impl IntoView {
    view! { <HashedStylesheet options id="style" /> }
}

/// Replaces Leptos' `HydrationScripts` for two reasons: version 0.8.23 writes the nonce as the value of `crossorigin`
/// (leptos#4843), which exposes the nonce and breaks the preload, and it shows nothing when loading fails.
#[component]
fn StartScripts(options: LeptosOptions) -> impl IntoView {
    let BrowserFiles { js, wasm } = BrowserFiles::of(&options);
    // These are file names from our own build and contain no user input. `{:?}` quotes them as JavaScript strings.
    let script = format!(
        "import({js:?})\
         .then(app => app.default({{ module_or_path: {wasm:?} }}).then(() => app.hydrate()))\
         .catch(error => {{\
             console.error(error);\
             document.getElementById({START_FAILURE_ID:?})?.removeAttribute('hidden');\
         }});"
    );
    view! {
        // Under `strict-dynamic` the preload of a script needs its own `nonce`.
        <link rel="modulepreload" href=js crossorigin="" nonce=use_nonce() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=use_nonce()>
            {script}
        </script>
    }
}

/// The URL paths of the app's JavaScript and WebAssembly files.
struct BrowserFiles {
    js: String,
    wasm: String,
}

impl BrowserFiles {
    /// The build writes the hashes in a file beside the server's binary. Without that file the names have no hash.
    fn of(options: &LeptosOptions) -> Self {
        let hashes =
            options.hash_files.then(|| read_hashes(&options.hash_file)).flatten().unwrap_or_default();
        let name = |kind: &str| {
            let hash = hashes
                .lines()
                .find_map(|line| line.trim().strip_prefix(kind)?.strip_prefix(':'))
                .map(str::trim);
            let (folder, output) = (&options.site_pkg_dir, &options.output_name);
            match hash {
                Some(hash) => format!("/{folder}/{output}.{hash}.{kind}"),
                None => format!("/{folder}/{output}.{kind}"),
            }
        };
        Self { js: name("js"), wasm: name("wasm") }
    }
}

fn read_hashes(file: &str) -> Option<String> {
    let binary = std::env::current_exe().ok()?;
    std::fs::read_to_string(binary.parent()?.join(file)).ok()
}
