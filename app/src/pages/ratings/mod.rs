//! `/ratings/{category}/{obj_id}`: what people think of one side of a product, and one's own rating. `?after=` is the next page.
//!
//! Rating and reporting are plain forms. Comments are text of other people: they are shown as text and never as markup.

mod own;

use domain::rating::{Category, ProductRatings, ShownRating};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::own::OwnForm;
use crate::{
    components::{Age, RateBars, Stars},
    deployment::words::counted,
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::{RpcError, ratings::load_ratings},
};

/// What an address names.
type Wanted = (Option<Category>, Option<i32>, Option<i32>);

#[component]
pub fn RatingsPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = Memo::new(move |_| -> Wanted {
        let (params, query) = (params.read(), query.read());
        let category = params.get("category").and_then(|word| Category::named(&word));
        let number = |text: Option<String>| text.and_then(|text| text.parse().ok());
        (category, number(params.get("obj_id")), number(query.get("after")))
    });
    let ratings: Resource<Result<ProductRatings, RpcError>> =
        Resource::new_blocking(move || wanted.get(), load);
    view! {
        <Title text="Ratings" />
        <Suspense fallback=|| view! { <Loading text="Loading the ratings…" width="max-w-3xl" /> }>
            {move || Suspend::new(async move {
                match ratings.await {
                    Ok(ratings) => view! { <Product ratings /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

async fn load((category, product, after): Wanted) -> Result<ProductRatings, RpcError> {
    // No product has a negative id, so an address that names nothing leads to the same answer as one of a missing product.
    load_ratings(category.unwrap_or_default(), product.filter(|_| category.is_some()).unwrap_or(-1), after)
        .await
}

#[component]
fn Product(ratings: ProductRatings) -> impl IntoView {
    let ProductRatings { obj_type, summary, own, own_is_hidden, ratings, next } = ratings;
    let (product, category) = (summary.obj_id, summary.category.unwrap_or_default());
    let page = move |category: Category| format!("/ratings/{}/{product}", category.as_str());
    let here = page(category);
    let links = Category::ALL.map(|other| {
        view! {
            <a
                href=page(other)
                aria-current=(other == category).then_some("page")
                class="inline-flex h-control items-center rounded-control px-2.5 text-control text-muted hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:text-ink"
            >
                {other.words()}
            </a>
        }
    });
    let count = usize::try_from(summary.count).unwrap_or_default();
    let average = summary.average.map(|average| {
        view! {
            <p class="flex flex-wrap items-center gap-2" data-testid="average">
                <Stars rate=average />
                <span class="tabular text-lead font-semibold">{average}</span>
                <span class="text-muted">{format!("of 10, {}", counted(count, "rating", "ratings"))}</span>
            </p>
            <RateBars counts=summary.distribution.counts().to_vec() />
            <p class="text-caption text-muted">
                "The average begins at 5 and moves with every rating, so that few ratings do not outweigh many."
            </p>
        }
    });
    let none = summary.average.is_none();
    let rows = ratings.into_iter().map(|rating| view! { <Row rating here=here.clone() /> }).collect_view();
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-6 px-4 py-6">
            <div class="flex flex-col gap-3">
                <h1 class="text-title font-semibold wrap-anywhere">{format!("Ratings of {obj_type} {product}")}</h1>
                <nav aria-label="Categories" class="flex flex-wrap gap-0.5">
                    {links.into_iter().collect_view()}
                </nav>
                <NoticeLine />
            </div>
            <section class="flex flex-col gap-3" aria-label=category.words()>
                <h2 class="text-lead font-semibold">{category.words()}</h2>
                {none.then(|| view! { <p class="text-muted">"Nobody has rated this yet. Yours would be the first rating."</p> })}
                {average}
            </section>
            <OwnForm own is_hidden=own_is_hidden action=format!("{here}/rate") />
            <ul class="flex flex-col rounded-panel bg-panel hairline empty:hidden" data-testid="ratings">
                {rows}
            </ul>
            {next
                .map(|next| {
                    view! {
                        <p>
                            <a class="underline" href=format!("{here}?after={next}")>
                                "Older ratings"
                            </a>
                        </p>
                    }
                })}
        </main>
    }
    .into_any()
}

#[component]
fn Row(rating: ShownRating, here: String) -> impl IntoView {
    let ShownRating { id, rate, comment, updated_at, is_own } = rating;
    let mark = if is_own {
        view! { <span class="text-caption text-muted">"yours"</span> }.into_any()
    } else {
        view! {
            <form method="post" action=format!("{here}/report/{id}")>
                <button type="submit" class="text-caption text-muted underline" data-testid="report">
                    "Report"
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="flex flex-col gap-1 border-t border-line px-4 py-3 first:border-t-0">
            <div class="flex flex-wrap items-center gap-2">
                <Stars rate=f64::from(rate) />
                <span class="tabular">{rate}</span>
                <span class="flex-1 text-caption text-muted">
                    <Age at=updated_at />
                </span>
                {mark}
            </div>
            {comment
                .map(|comment| {
                    view! {
                        <p dir="auto" class="whitespace-pre-line wrap-anywhere">
                            {comment}
                        </p>
                    }
                })}
        </li>
    }
    .into_any()
}
