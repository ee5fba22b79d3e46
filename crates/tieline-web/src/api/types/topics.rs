//! What the API says of topics.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which topics.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicsWanted {
    /// Those that are closed.
    #[serde(default)]
    pub(crate) closed: bool,
    /// Where the last answer ended.
    pub(crate) cursor: Option<String>,
}

/// Which posts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostsWanted {
    /// Where the last answer ended: those after this number.
    pub(crate) cursor: Option<i64>,
}

/// Which posts to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostsSearched {
    /// Words, each of which a post has, or the beginning of it.
    pub(crate) q: String,
    /// Where the last answer ended.
    pub(crate) cursor: Option<String>,
}

/// A topic.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopicSeen {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) opened: String,
    /// Number of the last post.
    pub(crate) posts: i64,
    /// When that was written.
    pub(crate) last: String,
    /// What was said so far; null: nobody summed it up.
    pub(crate) summary: Option<SummarySeen>,
    pub(crate) closed: Option<String>,
    /// Number of the last post that the account has read; null: it has no seat. Shown to nobody else.
    pub(crate) read: Option<i64>,
    /// Whether a post that it has not read mentions it.
    pub(crate) mentioned: bool,
    /// Grows with each summary.
    pub(crate) version: i64,
}

/// What was said so far.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SummarySeen {
    pub(crate) text: String,
    /// Number of the last post that it covers.
    pub(crate) to: i64,
    pub(crate) at: String,
}

/// What someone said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostSeen {
    pub(crate) id: String,
    pub(crate) topic: String,
    /// From 1 in each topic.
    pub(crate) number: i64,
    /// said | invited
    pub(crate) kind: &'static str,
    /// Empty in an invitation.
    pub(crate) text: String,
    /// Id of the party it was said for.
    pub(crate) party: Option<String>,
    /// Id of the seat of whoever said it.
    pub(crate) seat: Option<String>,
    /// Their name in the directory.
    pub(crate) name: Option<String>,
    /// Number of the post that it answers.
    pub(crate) reply_to: Option<i64>,
    /// Ids of the seats of whom it mentions.
    pub(crate) mentions: Vec<String>,
    pub(crate) at: String,
}

/// A topic to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicAsked {
    /// At most 120 characters.
    pub(crate) title: String,
    /// The first post: at most 5000 characters.
    pub(crate) text: String,
    /// Ids of the seats of whom it mentions.
    #[serde(default)]
    pub(crate) mentions: Vec<String>,
}

/// Something to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostAsked {
    /// At most 5000 characters.
    pub(crate) text: String,
    /// Id of the post that it answers; whoever wrote that is mentioned.
    #[serde(default)]
    pub(crate) reply_to: Option<String>,
    /// Ids of the seats of whom else it mentions.
    #[serde(default)]
    pub(crate) mentions: Vec<String>,
}

/// A summary.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SummaryAsked {
    /// At most 5000 characters; empty: none.
    pub(crate) text: String,
    /// Number of the last post that it covers.
    pub(crate) to: i64,
    /// Version that is changed.
    pub(crate) version: i64,
}

/// How far the account has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadAsked {
    /// Number of the last post that it has read.
    pub(crate) to: i64,
}

/// People to be asked to say something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoicesAsked {
    /// Id of an open topic.
    pub(crate) topic: String,
    /// Ids of their seats, at most 50.
    pub(crate) seats: Vec<String>,
}

/// Who is heard.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VoicesSeen {
    /// People who sit in the room.
    pub(crate) people: u64,
    /// Posts that stand.
    pub(crate) posts: u64,
    /// Share of the account's own words; null: it has no seat, or nothing was said. Shown to nobody
    /// else.
    pub(crate) own: Option<f64>,
    /// Pielou's evenness of the words of all; null: under five people, or nothing was said.
    pub(crate) evenness: Option<f64>,
    /// Gini coefficient, as evenness.
    pub(crate) gini: Option<f64>,
    pub(crate) parties: Vec<GroupHeard>,
    pub(crate) duties: Vec<GroupHeard>,
    /// Who said less than half of an even share, by name; nobody under five people.
    pub(crate) unheard: Vec<UnheardSeen>,
}

/// What a group has said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupHeard {
    /// Id of the party, or lead | member.
    pub(crate) of: String,
    pub(crate) people: u64,
    /// Share of all words; null: too few people, or one that would tell of them.
    pub(crate) share: Option<f64>,
    /// Whether that is under half of an even share.
    pub(crate) unheard: Option<bool>,
}

/// Someone who was hardly heard.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnheardSeen {
    pub(crate) seat: String,
    pub(crate) party: String,
    pub(crate) name: Option<String>,
    /// Whether they were asked in the last 14 days.
    pub(crate) invited: bool,
}
