//! Finds the files for the browser: from the variables that cargo-leptos sets, or where its build puts them.

use std::{env, path::Path};

use leptos::config::{Env, LeptosOptions};

const OUTPUT: &str = "stacker";
const SITE_ROOT: &str = "target/site";
const HASH_FILE: &str = "hash.txt";

/// File names have hashes if the build left its list of hashes beside the binary.
pub fn leptos_options() -> LeptosOptions {
    let text = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    let hash_file = text("LEPTOS_HASH_FILE_NAME", HASH_FILE);
    let hashed = env::var("LEPTOS_HASH_FILES").map_or(true, |value| value == "true");
    let development = env::var("LEPTOS_ENV").is_ok_and(|value| value.eq_ignore_ascii_case("dev"));
    LeptosOptions::builder()
        .output_name(text("LEPTOS_OUTPUT_NAME", OUTPUT))
        .site_root(env::var("LEPTOS_SITE_ROOT").unwrap_or_else(|_| site_root()))
        .site_pkg_dir(text("LEPTOS_SITE_PKG_DIR", "pkg"))
        .env(if development { Env::DEV } else { Env::PROD })
        .reload_port(env::var("LEPTOS_RELOAD_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(8001))
        .hash_files(hashed && beside_the_binary(&hash_file))
        .hash_file(hash_file.into())
        .build()
}

fn beside_the_binary(file: &str) -> bool {
    env::current_exe()
        .ok()
        .and_then(|binary| Some(binary.parent()?.join(file)))
        .is_some_and(|path| path.is_file())
}

/// `target/site` in the folder where the server was started or, if that has none, in the workspace whose build made this program
/// (`target/release/server`).
fn site_root() -> String {
    let here = Path::new(SITE_ROOT).is_dir().then(|| SITE_ROOT.to_owned());
    let of_the_build = || {
        let site = env::current_exe().ok()?.parent()?.parent()?.join("site");
        site.is_dir().then(|| site.to_string_lossy().into_owned())
    };
    here.or_else(of_the_build).unwrap_or_else(|| SITE_ROOT.to_owned())
}
