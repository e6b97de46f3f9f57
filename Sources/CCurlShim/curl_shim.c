#include "curl_shim.h"
#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *next;
  size_t left;
  smtp_outcome *outcome;
  size_t length;  // of the words so far
  int complete;   // the words are a whole reply: the next line begins another one
} session;

static size_t give_text(char *buffer, size_t size, size_t count, void *context) {
  session *s = context;
  size_t length = size * count < s->left ? size * count : s->left;
  s->outcome->started = 1;
  memcpy(buffer, s->next, length);
  s->next += length;
  s->left -= length;
  return length;
}

// libcurl hands over each line that the server says; in all lines of a reply but the last, "-" follows the code.
static size_t keep_words(char *line, size_t size, size_t count, void *context) {
  session *s = context;
  size_t length = size * count;
  if (length >= 3 && !memcmp(line, "221", 3)) return length;  // the good-bye, whatever came before
  if (s->complete) s->length = 0;
  s->complete = length < 4 || line[3] != '-';
  size_t room = s->outcome->room - 1 - s->length;
  size_t kept = length < room ? length : room;
  memcpy(s->outcome->words + s->length, line, kept);
  s->length += kept;
  s->outcome->words[s->length] = 0;
  return length;
}

static void start_curl(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static void start_curl_once(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start_curl);
}

// libcurl copies the texts.
static void set_server(CURL *curl, const mail_server *server) {
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(server->requires_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, server->verifies ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, server->verifies ? 2L : 0L);
  if (server->ca_file) curl_easy_setopt(curl, CURLOPT_CAINFO, server->ca_file);
  if (server->user) curl_easy_setopt(curl, CURLOPT_USERNAME, server->user);
  if (server->password) curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, server->connect_seconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, server->total_seconds);
  // For each reply, and for the good-bye to a server that has gone silent, which the total does not count.
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, server->total_seconds < 120 ? server->total_seconds : 120L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
}

void smtp_send(
  const mail_server *server, const char *from, const char *const *recipients, size_t count, const void *message, size_t length,
  smtp_outcome *outcome) {
  start_curl_once();
  session s = {message, length, outcome, 0, 1};
  outcome->words[0] = 0;
  outcome->reply = 0;
  outcome->started = 0;
  outcome->code = CURLE_OUT_OF_MEMORY;
  CURL *curl = curl_easy_init();
  if (!curl) return;
  struct curl_slist *to = NULL;
  for (size_t i = 0; i < count; i++) {
    struct curl_slist *longer = curl_slist_append(to, recipients[i]);
    if (!longer) goto end;
    to = longer;
  }
  curl_easy_setopt(curl, CURLOPT_URL, server->url);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set_server(curl, server);
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_text);
  curl_easy_setopt(curl, CURLOPT_READDATA, &s);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_words);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &s);
  outcome->code = (int)curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &outcome->reply);
end:
  curl_slist_free_all(to);
  curl_easy_cleanup(curl);
}

struct imap_session {
  CURL *curl;
  unsigned char *bytes;
  size_t length, room, limit;
};

static size_t keep_bytes(char *piece, size_t size, size_t count, void *context) {
  imap_session *s = context;
  size_t length = size * count;
  if (length > s->limit - s->length) return 0;  // libcurl then stops
  if (length > s->room - s->length) {
    size_t room = s->room ? s->room : 16384;
    while (length > room - s->length) room *= 2;
    unsigned char *larger = realloc(s->bytes, room);
    if (!larger) return 0;
    s->bytes = larger;
    s->room = room;
  }
  memcpy(s->bytes + s->length, piece, length);
  s->length += length;
  return length;
}

imap_session *imap_open(const mail_server *server) {
  start_curl_once();
  imap_session *s = calloc(1, sizeof *s);
  if (!s) return NULL;
  s->curl = curl_easy_init();
  if (!s->curl) {
    free(s);
    return NULL;
  }
  set_server(s->curl, server);
  curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
  curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, keep_bytes);
  curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, s);
  return s;
}

int imap_ask(imap_session *s, const char *url, const char *command, size_t limit, const void **bytes, size_t *length) {
  s->length = 0;
  s->limit = limit;
  curl_easy_setopt(s->curl, CURLOPT_URL, url);
  curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, command);
  int code = (int)curl_easy_perform(s->curl);
  *bytes = s->bytes;
  *length = s->length;
  return code;
}

void imap_close(imap_session *s) {
  if (!s) return;
  curl_easy_cleanup(s->curl);
  free(s->bytes);
  free(s);
}
