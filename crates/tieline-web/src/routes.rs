//! The whole map of URLs.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::error::AppError;
use crate::metrics::{self, Metrics};
use crate::pages::{
    accounts, add, aims, bookings, brief, bulk, case, case_verbs, cases, challenge, challenge_feed,
    challenge_points, challenges, changes, charter, commitments, contacts, decision,
    decision_steps, decision_vote, decisions, enter, expertise, facts, guest, health, identities,
    imports, imports_upload, initiative, initiative_parts, initiative_plan, initiatives, insights,
    insights_history, jobs, jobs_columns, ledger, listening, live, network, network_export,
    network_organic, notes, objective_alignment, objective_results, objectives, organisation,
    organisations, own_data, pact, pacts, partnership, partnership_people, partnership_side,
    partnership_stage, partnerships, past, path, people, person, preferences, promises, resources,
    rhythm, role_form, roles, same, search, set_up, settings, sign_in, sign_in_mail,
    sign_in_provider, stakeholder_verbs, stakeholders, tags, tie, today, tokens, topic, topics,
    voices,
};
use crate::{api, assets, client, security};

/// Largest request that is not an upload, bytes.
const MAX_REQUEST_BYTES: usize = 256 * 1024;

/// Longest that a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longest that an upload may take.
const UPLOAD_PATIENCE: Duration = Duration::from_secs(2 * 3600);

/// Makes a list of routes and their router from the same lines, so that a test can hold every route
/// against the table of who may use it.
macro_rules! routes {
    ($list:ident $router:ident { $($path:literal => $($method:ident $handler:path),+;)+ }) => {
        /// These routes: method and path of each.
        pub(crate) const $list: &[(&str, &str)] = &[$($((stringify!($method), $path),)+)+];

        /// These routes.
        pub(crate) fn $router() -> axum::Router<crate::app::App> {
            use axum::routing::{MethodFilter, MethodRouter};
            axum::Router::new()
                $(.route($path, MethodRouter::new()$(.on(MethodFilter::$method, $handler))+))+
        }
    };
}
pub(crate) use routes;

routes! { PAGES pages {
    "/" => GET today::show;
    "/contacts" => POST contacts::create;
    "/contacts/new" => GET contacts::new;
    "/contacts/{id}/undo" => POST contacts::undo;
    "/settings" => GET settings::show;
    "/settings/account" => POST settings::save_account;
    "/settings/password" => POST settings::save_password;
    "/settings/named-findings" => POST settings::save_named;
    "/identities" => GET identities::list;
    "/identities/decisions" => POST identities::decide;
    "/identities/decisions/{a}/{b}/undo" => POST identities::undo;
    "/imports" => GET imports::list;
    "/imports/{id}" => GET imports::show;
    "/imports/{id}/issues.csv" => GET imports::issues;
    "/imports/{id}/undo" => POST imports::undo;
    "/live" => GET live::show;
    "/jobs/{id}" => GET jobs::show;
    "/jobs/{id}/columns" => POST jobs_columns::save;
    "/jobs/{id}/discard" => POST jobs::discard;
    "/jobs/{id}/import" => POST jobs::import;
    "/jobs/{id}/pause" => POST jobs::pause;
    "/jobs/{id}/resume" => POST jobs::resume;
    "/jobs/{id}/stop" => POST jobs::stop;
    "/settings/accounts/{id}/role" => POST accounts::set_role;
    "/settings/accounts" => POST accounts::invite;
    "/settings/accounts/{id}/closure" => POST accounts::close;
    "/settings/accounts/{id}/link" => POST accounts::link;
    "/settings/accounts/{id}/mail" => POST accounts::save_mail;
    "/settings/accounts/{id}/opening" => POST accounts::open;
    "/settings/history" => GET past::show;
    "/settings/tokens" => GET tokens::list, POST tokens::create;
    "/settings/tokens/removal" => POST tokens::remove;
    "/people/{id}/data-link" => POST own_data::make_link;
    "/metrics" => GET metrics::show;
    "/insights" => GET insights::show;
    "/insights/report.html" => GET insights::file;
    "/insights/history" => GET insights_history::show;
    "/network" => GET network::show;
    "/network/changes" => GET changes::show;
    "/network/export" => GET network_export::show;
    "/network/organic.json" => GET network_organic::show;
    "/network/path" => GET path::show;
    "/people" => GET people::list;
    "/people/bulk" => GET bulk::show, POST bulk::apply;
    "/people/bulk/{id}/undo" => POST bulk::undo;
    "/people/views" => POST people::save_view;
    "/people/views/{id}/removal" => POST people::remove_view;
    "/people/new" => GET add::new_person, POST add::create_person;
    "/people/{id}" => GET person::show;
    "/people/{id}/facts" => GET facts::show;
    "/people/{id}/fields" => POST tags::set_fields;
    "/people/{id}/fields/{changed}/before" => POST tags::fields_before;
    "/people/{id}/name" => POST facts::save_name;
    "/people/{id}/name/before" => POST facts::name_before;
    "/people/{id}/notes" => POST notes::create;
    "/people/{id}/places" => POST facts::add_place;
    "/people/{id}/promises" => POST promises::create;
    "/people/{id}/rhythm" => POST rhythm::save;
    "/people/{id}/tags" => POST tags::add;
    "/people/{id}/tags/{tag}/addition" => POST tags::add_again;
    "/people/{id}/tags/{tag}/removal" => POST tags::remove;
    "/people/{id}/withdrawal" => POST add::withdraw_person;
    "/notes/{id}" => GET notes::edit, POST notes::save;
    "/notes/{id}/removal" => POST notes::remove;
    "/notes/{id}/restoration" => POST notes::restore;
    "/places/{id}" => POST facts::save_place;
    "/places/{id}/before" => POST facts::place_before;
    "/places/{id}/removal" => POST facts::remove_place;
    "/places/{id}/restoration" => POST facts::restore_place;
    "/partnerships" => GET partnerships::list;
    "/partnerships/new" => GET partnerships::new, POST partnerships::create;
    "/partnerships/objectives" => GET aims::list, POST aims::add;
    "/partnerships/objectives/{id}" => POST aims::save;
    "/partnerships/objectives/{id}/removal" => POST aims::remove;
    "/partnerships/objectives/{id}/restoration" => POST aims::restore;
    "/partnerships/{id}" => GET partnership::show;
    "/partnerships/{id}/agreement" => GET charter::show, POST charter::save;
    "/partnerships/{id}/agreement/answers" => POST charter::answer;
    "/partnerships/{id}/agreement/comments" => POST charter::comment;
    "/partnerships/{id}/agreement/comments/{comment}/removal" => POST charter::remove_comment;
    "/partnerships/{id}/agreement/comments/{comment}/restoration" => POST charter::restore_comment;
    "/partnerships/{id}/agreement/edit" => GET charter::edit;
    "/partnerships/{id}/decisions" => GET decisions::list;
    "/partnerships/{id}/decisions/new" => GET decisions::new, POST decisions::create;
    "/partnerships/{id}/decisions/statements/{comment}/removal" => POST decision::unsay;
    "/partnerships/{id}/decisions/statements/{comment}/restoration" => POST decision::say_again;
    "/partnerships/{id}/decisions/{decision}" => GET decision::show;
    "/partnerships/{id}/decisions/{decision}/ballot" => POST decision_vote::cast;
    "/partnerships/{id}/decisions/{decision}/closure" => POST decision_vote::close;
    "/partnerships/{id}/decisions/{decision}/delegation" => POST decision_vote::pass;
    "/partnerships/{id}/decisions/{decision}/edit" => GET decisions::edit, POST decisions::save;
    "/partnerships/{id}/decisions/{decision}/objections/{ballot}" => POST decision_vote::answer;
    "/partnerships/{id}/decisions/{decision}/outcome" => POST decision_steps::save_outcome;
    "/partnerships/{id}/decisions/{decision}/record" => GET decision::record;
    "/partnerships/{id}/decisions/{decision}/reminders" => POST decision_vote::reminders;
    "/partnerships/{id}/decisions/{decision}/review" => POST decision_steps::review;
    "/partnerships/{id}/decisions/{decision}/stage" => POST decision_steps::step;
    "/partnerships/{id}/decisions/{decision}/statements" => POST decision::say;
    "/partnerships/{id}/edit" => GET partnerships::edit, POST partnerships::save;
    "/partnerships/{id}/okr" => GET objectives::list;
    "/partnerships/{id}/okr/new" => GET objectives::new, POST objectives::create;
    "/partnerships/{id}/okr/alignment" => GET objective_alignment::show, POST objective_alignment::say;
    "/partnerships/{id}/okr/links/{link}/removal" => POST objective_alignment::remove;
    "/partnerships/{id}/okr/links/{link}/restoration" => POST objective_alignment::restore;
    "/partnerships/{id}/okr/check-ins/{check}/removal" => POST objective_results::remove_check_in;
    "/partnerships/{id}/okr/check-ins/{check}/restoration" => POST objective_results::restore_check_in;
    "/partnerships/{id}/okr/results/{result}" => GET objective_results::show_result, POST objective_results::save;
    "/partnerships/{id}/okr/results/{result}/check-ins" => POST objective_results::check_in;
    "/partnerships/{id}/okr/results/{result}/removal" => POST objective_results::remove;
    "/partnerships/{id}/okr/results/{result}/restoration" => POST objective_results::restore;
    "/partnerships/{id}/okr/{objective}" => GET objective_results::show;
    "/partnerships/{id}/okr/{objective}/edit" => GET objectives::edit, POST objectives::save;
    "/partnerships/{id}/okr/{objective}/removal" => POST objectives::remove;
    "/partnerships/{id}/okr/{objective}/restoration" => POST objectives::restore;
    "/partnerships/{id}/okr/{objective}/results" => POST objective_results::add;
    "/partnerships/{id}/roles" => GET roles::show;
    "/partnerships/{id}/roles/new" => GET role_form::new, POST role_form::create;
    "/partnerships/{id}/roles/{work}" => GET role_form::show, POST role_form::save;
    "/partnerships/{id}/roles/{work}/read-back" => POST roles::read_back;
    "/partnerships/{id}/roles/{work}/removal" => POST role_form::remove;
    "/partnerships/{id}/roles/{work}/restoration" => POST role_form::restore;
    "/partnerships/{id}/removal" => POST partnerships::remove;
    "/partnerships/{id}/restoration" => POST partnerships::restore;
    "/partnerships/{id}/objectives" => POST partnership::serve;
    "/partnerships/{id}/objectives/{aim}/addition" => POST partnership::serve_again;
    "/partnerships/{id}/objectives/{aim}/removal" => POST partnership::drop_aim;
    "/partnerships/{id}/parties" => POST partnership_people::add_party;
    "/partnerships/{id}/parties/{party}/name" => POST partnership_people::rename;
    "/partnerships/{id}/parties/{party}/removal" => POST partnership_people::remove_party;
    "/partnerships/{id}/parties/{party}/restoration" => POST partnership_people::restore_party;
    "/partnerships/{id}/parties/{party}/side" => GET partnership_side::edit, POST partnership_side::save;
    "/partnerships/{id}/brief" => GET brief::show;
    "/partnerships/{id}/dates.ics" => GET brief::ics;
    "/partnerships/{id}/people" => GET partnership_people::show, POST partnership_people::give_seat;
    "/partnerships/{id}/conflicts" => GET cases::show, POST cases::raise;
    "/partnerships/{id}/conflicts/points/{point}/removal" => POST case_verbs::remove_point;
    "/partnerships/{id}/conflicts/points/{point}/restoration" => POST case_verbs::restore_point;
    "/partnerships/{id}/conflicts/{case}" => GET case::show, POST case_verbs::say;
    "/partnerships/{id}/conflicts/{case}/numbers" => POST case_verbs::give_numbers;
    "/partnerships/{id}/conflicts/{case}/stage" => POST case_verbs::step;
    "/partnerships/{id}/challenges" => GET challenges::list, POST challenges::add;
    "/partnerships/{id}/challenges/points/{entry}/removal" => POST challenge_points::remove_point;
    "/partnerships/{id}/challenges/points/{entry}/restoration" => POST challenge_points::restore_point;
    "/partnerships/{id}/challenges/points/{entry}/stance" => POST challenge_points::answer_point;
    "/partnerships/{id}/challenges/trials/{trial}" => POST challenge_points::end_trial;
    "/partnerships/{id}/challenges/trials/{trial}/removal" => POST challenge_points::remove_trial;
    "/partnerships/{id}/challenges/trials/{trial}/restoration" => POST challenge_points::restore_trial;
    "/partnerships/{id}/challenges/{challenge}" => GET challenge::show, POST challenge::change;
    "/partnerships/{id}/challenges/{challenge}/decision" => POST challenge_feed::decide;
    "/partnerships/{id}/challenges/{challenge}/end" => POST challenge::end;
    "/partnerships/{id}/challenges/{challenge}/initiative" => POST challenge_feed::start;
    "/partnerships/{id}/challenges/{challenge}/points" => POST challenge_points::add_point;
    "/partnerships/{id}/challenges/{challenge}/removal" => POST challenge::remove;
    "/partnerships/{id}/challenges/{challenge}/restoration" => POST challenge::restore;
    "/partnerships/{id}/challenges/{challenge}/trials" => POST challenge_points::add_trial;
    "/partnerships/{id}/initiatives" => GET initiatives::list, POST initiatives::add;
    "/partnerships/{id}/initiatives/contributions/{contribution}" => POST initiative_parts::answer;
    "/partnerships/{id}/initiatives/contributions/{contribution}/removal" => POST initiative_parts::remove_contribution;
    "/partnerships/{id}/initiatives/contributions/{contribution}/restoration" => POST initiative_parts::restore_contribution;
    "/partnerships/{id}/initiatives/parts/{part}/contributions" => POST initiative_parts::contribute;
    "/partnerships/{id}/initiatives/parts/{part}/removal" => POST initiative_parts::remove_part;
    "/partnerships/{id}/initiatives/parts/{part}/restoration" => POST initiative_parts::restore_part;
    "/partnerships/{id}/initiatives/risks/{risk}" => POST initiative_plan::change_risk;
    "/partnerships/{id}/initiatives/risks/{risk}/removal" => POST initiative_plan::remove_risk;
    "/partnerships/{id}/initiatives/risks/{risk}/restoration" => POST initiative_plan::restore_risk;
    "/partnerships/{id}/initiatives/tasks/{task}" => GET initiative_plan::show_task, POST initiative_plan::change_task;
    "/partnerships/{id}/initiatives/tasks/{task}/removal" => POST initiative_plan::remove_task;
    "/partnerships/{id}/initiatives/tasks/{task}/restoration" => POST initiative_plan::restore_task;
    "/partnerships/{id}/initiatives/tasks/{task}/state" => POST initiative_plan::set_state;
    "/partnerships/{id}/initiatives/{initiative}" => GET initiative::show, POST initiative::change;
    "/partnerships/{id}/initiatives/{initiative}/end" => POST initiative::end;
    "/partnerships/{id}/initiatives/{initiative}/parts" => POST initiative_parts::add_part;
    "/partnerships/{id}/initiatives/{initiative}/removal" => POST initiative::remove;
    "/partnerships/{id}/initiatives/{initiative}/restoration" => POST initiative::restore;
    "/partnerships/{id}/initiatives/{initiative}/risks" => POST initiative_plan::add_risk;
    "/partnerships/{id}/initiatives/{initiative}/tasks" => POST initiative_plan::add_task;
    "/partnerships/{id}/pacts" => GET pacts::list, POST pacts::add;
    "/partnerships/{id}/pacts/duties/{duty}/removal" => POST pact::remove_duty;
    "/partnerships/{id}/pacts/duties/{duty}/restoration" => POST pact::restore_duty;
    "/partnerships/{id}/pacts/{pact}" => GET pact::show, POST pact::change;
    "/partnerships/{id}/pacts/{pact}/commitments" => POST pact::promise;
    "/partnerships/{id}/pacts/{pact}/duties" => POST pact::add_duty;
    "/partnerships/{id}/pacts/{pact}/end" => POST pact::end;
    "/partnerships/{id}/pacts/{pact}/removal" => POST pact::remove;
    "/partnerships/{id}/pacts/{pact}/restoration" => POST pact::restore;
    "/partnerships/{id}/pacts/{pact}/signature" => POST pact::sign;
    "/partnerships/{id}/listening" => GET listening::show, POST listening::hear;
    "/partnerships/{id}/listening/{heard}/answer" => POST listening::answer;
    "/partnerships/{id}/listening/{heard}/removal" => POST listening::remove;
    "/partnerships/{id}/listening/{heard}/restoration" => POST listening::restore;
    "/partnerships/{id}/topics" => GET topics::list, POST topics::open;
    "/partnerships/{id}/topics/voices" => GET voices::show, POST voices::invite;
    "/partnerships/{id}/topics/posts/{post}/removal" => POST topic::remove_post;
    "/partnerships/{id}/topics/posts/{post}/restoration" => POST topic::restore_post;
    "/partnerships/{id}/topics/{topic}" => GET topic::show, POST topic::post;
    "/partnerships/{id}/topics/{topic}/closure" => POST topic::close;
    "/partnerships/{id}/topics/{topic}/read" => POST topic::read;
    "/partnerships/{id}/topics/{topic}/removal" => POST topic::remove;
    "/partnerships/{id}/topics/{topic}/reopening" => POST topic::reopen;
    "/partnerships/{id}/topics/{topic}/restoration" => POST topic::restore;
    "/partnerships/{id}/topics/{topic}/summary" => POST topic::sum_up;
    "/partnerships/{id}/commitments" => GET commitments::show, POST commitments::add;
    "/partnerships/{id}/commitments/{commitment}/date" => POST commitments::ask;
    "/partnerships/{id}/commitments/{commitment}/date/agreement" => POST commitments::agree;
    "/partnerships/{id}/commitments/{commitment}/date/refusal" => POST commitments::decline;
    "/partnerships/{id}/commitments/{commitment}/kept" => POST commitments::keep;
    "/partnerships/{id}/commitments/{commitment}/reopening" => POST commitments::reopen;
    "/partnerships/{id}/commitments/{commitment}/withdrawal" => POST commitments::withdraw;
    "/partnerships/{id}/bookings/{booking}/cancellation" => POST bookings::cancel;
    "/partnerships/{id}/bookings/{booking}/reopening" => POST bookings::reopen;
    "/partnerships/{id}/bookings/{booking}/return" => POST bookings::give_back;
    "/partnerships/{id}/bookings/{booking}/thanks" => POST bookings::thank;
    "/partnerships/{id}/expertise" => GET expertise::show, POST expertise::say;
    "/partnerships/{id}/expertise/questions/{ask}" => POST expertise::answer;
    "/partnerships/{id}/expertise/{seat}/questions" => POST expertise::ask;
    "/partnerships/{id}/ledger" => GET ledger::show, POST ledger::add;
    "/partnerships/{id}/ledger/{gift}/receipt" => POST ledger::answer;
    "/partnerships/{id}/ledger/{gift}/removal" => POST ledger::remove;
    "/partnerships/{id}/ledger/{gift}/restoration" => POST ledger::restore;
    "/partnerships/{id}/resources" => GET resources::show, POST resources::add;
    "/partnerships/{id}/resources/{resource}" => GET bookings::show, POST bookings::save;
    "/partnerships/{id}/resources/{resource}/bookings" => POST bookings::book;
    "/partnerships/{id}/resources/{resource}/removal" => POST resources::remove;
    "/partnerships/{id}/resources/{resource}/restoration" => POST resources::restore;
    "/partnerships/{id}/guest-session/end" => POST guest::end;
    "/partnerships/{id}/people/{seat}/link" => GET guest::show_link, POST guest::make_link;
    "/partnerships/{id}/people/{seat}/link/mail" => POST guest::mail_link;
    "/partnerships/{id}/people/{seat}/link/removal" => POST guest::revoke;
    "/partnerships/{id}/people/{seat}/link/renewal" => POST guest::renew;
    "/partnerships/{id}/people/{seat}/lead" => POST partnership_people::make_lead;
    "/partnerships/{id}/people/{seat}/member" => POST partnership_people::make_member;
    "/partnerships/{id}/people/{seat}/removal" => POST partnership_people::end_seat;
    "/partnerships/{id}/people/{seat}/restoration" => POST partnership_people::resume_seat;
    "/partnerships/{id}/questions/{question}" => POST partnership_stage::answer;
    "/partnerships/{id}/stakeholders" => GET stakeholders::of_room, POST stakeholder_verbs::add_to_room;
    "/partnerships/{id}/stage" => GET partnership_stage::show, POST partnership_stage::step;
    "/promises" => GET promises::list;
    "/promises/{id}/kept" => POST promises::keep;
    "/promises/{id}/reopening" => POST promises::reopen;
    "/promises/{id}/withdrawal" => POST promises::withdraw;
    "/organisations/new" => GET add::new_unit, POST add::create_unit;
    "/organisations/{id}" => GET organisation::show;
    "/organisations/{id}/stakeholders" => GET stakeholders::of_unit, POST stakeholder_verbs::add_to_unit;
    "/stakeholders" => GET stakeholders::list;
    "/stakeholders/steps/{id}/done" => POST stakeholder_verbs::finish_step;
    "/stakeholders/steps/{id}/removal" => POST stakeholder_verbs::remove_step;
    "/stakeholders/steps/{id}/reopening" => POST stakeholder_verbs::reopen_step;
    "/stakeholders/steps/{id}/restoration" => POST stakeholder_verbs::restore_step;
    "/stakeholders/{id}" => POST stakeholder_verbs::save;
    "/stakeholders/{id}/influence" => POST stakeholder_verbs::say_influence;
    "/stakeholders/{id}/influence/{other}/removal" => POST stakeholder_verbs::drop_influence;
    "/stakeholders/{id}/placement" => POST stakeholder_verbs::place;
    "/stakeholders/{id}/placement/removal" => POST stakeholder_verbs::unplace;
    "/stakeholders/{id}/removal" => POST stakeholder_verbs::remove;
    "/stakeholders/{id}/restoration" => POST stakeholder_verbs::restore;
    "/stakeholders/{id}/stances" => POST stakeholder_verbs::say_stance;
    "/stakeholders/{id}/steps" => POST stakeholder_verbs::add_step;
    "/organisations/{id}/withdrawal" => POST add::withdraw_unit;
    "/snoozes" => POST today::put_off;
    "/snoozes/{item}/end" => POST today::show_again;
    "/people/{id}/same" => POST same::say;
    "/settings/fields" => POST settings::add_field;
    "/settings/fields/{id}/removal" => POST settings::remove_field;
    "/welcome/people" => GET add::five, POST add::create_five;
    "/people/{id}/ties/{other}" => GET tie::show;
    "/organisations" => GET organisations::list;
    "/search" => GET search::show;
    "/search/results" => GET search::results;
    "/set-up" => GET set_up::show, POST set_up::create;
    "/sign-in" => GET sign_in::show, POST sign_in::sign_in;
    "/sign-in/mail" => POST sign_in_mail::ask;
    "/sign-in/provider" => POST sign_in_provider::begin;
    "/sign-in/provider/callback" => GET sign_in_provider::back;
    "/sign-out" => POST sign_in::sign_out;
    "/enter/{secret}" => GET enter::show, POST enter::enter;
    "/guest/{secret}" => GET guest::show, POST guest::enter;
    "/preferences/theme" => POST preferences::theme;
    "/glossary" => GET crate::glossary::show;
    "/healthz" => GET health::alive;
    "/readyz" => GET health::ready;
    "/assets/{name}" => GET assets::serve;
} }

routes! { UPLOADS uploads {
    "/imports" => POST imports_upload::create;
} }

/// Every route: what its path begins with, and for each its method and the rest of its path.
pub const ROUTES: &[(&str, &[(&str, &str)])] = &[
    ("", PAGES),
    ("", UPLOADS),
    ("/me/data", own_data::ROUTES),
    ("/own-data/{secret}", own_data::ROUTES),
    ("/api/v1", api::ROUTES),
];

/// The application, ready to be served.
pub fn router(app: App) -> Router {
    let metrics = Arc::new(Metrics::default());
    let most = app.settings.max_upload_bytes.saturating_add(imports_upload::AROUND_FILES);
    // What takes files has limits of its own, and takes as long as a slow line needs.
    let uploads = uploads()
        .layer(DefaultBodyLimit::max(most))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_PATIENCE));
    pages()
        .nest("/me/data", own_data::routes())
        .nest("/own-data/{secret}", own_data::routes())
        .nest("/api/v1", api::routes())
        .fallback(|| async { AppError::NotFound })
        .layer(RequestBodyLimitLayer::new(MAX_REQUEST_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .merge(uploads)
        .layer(from_fn(security::same_site))
        .layer(from_fn_with_state(app.clone(), client::find))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(from_fn(security::headers))
        .layer(from_fn_with_state(metrics.clone(), metrics::count))
        .layer(Extension(metrics))
        .with_state(app)
}
