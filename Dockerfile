# The studio in a container:
#   docker build -t limner .
#   docker run --rm -p 8700:8700 -v "$PWD:/work" limner
# The address that it prints, with 127.0.0.1 for the host, opens the studio; runs and drawings stay in the folder.
FROM python:3.12-slim

# The compiler makes the kernels that train two to three times faster, on first use.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
RUN pip install --no-cache-dir -c constraints.txt --extra-index-url https://download.pytorch.org/whl/cpu '.[video]' \
    && rm -rf /src

RUN useradd --create-home limner
USER limner
WORKDIR /work
EXPOSE 8700
ENTRYPOINT ["limner"]
CMD ["studio", "--host", "0.0.0.0", "--port", "8700"]
