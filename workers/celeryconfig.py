"""Celery's settings, each with its why. Read by Celery at its first use, not at import: that is when servers must run.

A message is a wake-up and nothing more: what must not be lost lies in PostgreSQL. The settings make losses and
doublings rare and short; the outbox and the lock on the case make them harmless. Pool: docs/adr/0002.
"""

from kombu.entity import Queue

from services.innebygd import adresser

REGISTRE = ("folkeregister", "lanekassen", "inntekt", "skattegrunnlag", "nav", "matrikkel")
KOER = ("saker", *(f"register.{navn}" for navn in REGISTRE), "kjoring", "vedlikehold")

VISIBILITY_TIMEOUT_S = 180
"""Over twice the longest task with its wait among the prefetched; the shortest value of all apps on a broker counts."""

broker_url = adresser().broker_url
broker_connection_retry_on_startup = True
broker_connection_max_retries = None  # 100 is the default, and then a worker gives up for good
broker_connection_timeout = 5
broker_transport_options = {
    "visibility_timeout": VISIBILITY_TIMEOUT_S,
    # Without these a publish or a blocked pop can hang for ever on a connection that is half open.
    "socket_timeout": 20,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 15,
    "retry_on_timeout": True,
}

# The relay publishes and holds its own retries, in rows.
task_publish_retry = False

# Acknowledged after the work; a worker that dies gives its messages back after the visibility timeout.
task_acks_late = True
task_reject_on_worker_lost = True

# Results are rows in PostgreSQL. No result backend: no pub/sub, no keys that stay behind.
task_ignore_result = True
result_backend = None

# Only plain data; a message can never make a worker unpickle.
task_serializer = "json"
accept_content = ["json"]

task_queues = tuple(Queue(navn) for navn in KOER)
task_default_queue = "saker"
task_create_missing_queues = False  # a misspelt queue is an error, not a queue nobody reads
task_inherit_parent_priority = False

# A message may hold many cases, and those that wait in the outbox can still be put together: none waits here.
worker_prefetch_multiplier = 1

# Nobody asks for events or remote control: each costs keys, connections and wake-ups on the broker.
worker_send_task_events = False
task_send_sent_event = False
worker_enable_remote_control = False

# Logging is set up by the project alone.
worker_hijack_root_logger = False
worker_redirect_stdouts = False

timezone = "Europe/Oslo"
enable_utc = True
