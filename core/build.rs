//! New files in `migrations/` must be seen: `sqlx::migrate!` reads them when this crate is compiled.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
